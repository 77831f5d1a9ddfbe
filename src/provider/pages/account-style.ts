/** The part of the style sheet that only the account pages use. */
export const accountStyle = `
main.wide { max-width: 42rem }
main.wide > form:not(:has(.link)), main.wide > .actions:not(.two) { max-width: 26rem }
main.wide li { overflow-wrap: anywhere }
h1 + :is(.wrong, .done) { margin-top: .75rem }
main.wide > form[data-check] { max-width: none }
.trail ol { display: flex; flex-wrap: wrap; gap: .25rem .5rem; margin: 0 0 1rem; padding: 0; list-style: none; font-size: .9375rem }
.trail li { padding: 0; border: 0; overflow-wrap: anywhere }
.trail li + li::before { content: "\\203a"; margin-right: .5rem; color: var(--quiet) }
.cards > li > :is(a, span) { display: block; overflow-wrap: anywhere }
.mark { font-weight: 400; color: var(--quiet) }
.plain { margin: .25rem 0; padding-left: 1.125rem; border: 0; list-style: disc }
.plain li { padding: 0; border: 0 }
.links a { display: inline-block; margin-right: 1rem }
.pager { margin-top: 1rem }
.line { display: block }
.hint { margin: 0 0 .375rem; color: var(--quiet); font-size: .9375rem }
fieldset { margin: 1.5rem 0 0; padding: 0; border: 0; min-width: 0 }
legend { padding: 0; font-weight: 600 }
.choice { display: grid; grid-template-columns: auto 1fr; gap: 0 .625rem; margin-top: .625rem }
.choice input { width: 1.125rem; height: 1.125rem; margin: .1875rem 0 0; accent-color: var(--accent) }
.choice label { margin: 0; font-weight: 400; overflow-wrap: anywhere }
.choice .hint { grid-column: 2; margin: 0 }
textarea {
  display: block; width: 100%; padding: .625rem .75rem; font: .875rem/1.5 ui-monospace, monospace; color: inherit;
  background: transparent; border: 1px solid var(--line); border-radius: .5rem; resize: vertical; white-space: pre; overflow: auto;
}
[aria-invalid=true] { border-color: var(--wrong) }
.fault, .faults li { margin: .25rem 0 0; padding: 0; border: 0; color: var(--wrong); font-size: .9375rem }
.faults ul { margin: 0; border: 0 }
.copyable { margin: 0 0 1rem }
pre {
  margin: 0 0 .25rem; padding: .625rem .75rem; font: .875rem/1.5 ui-monospace, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; border: 1px solid var(--rule); border-radius: .5rem; background: var(--ground);
}
summary { cursor: pointer; margin-bottom: .5rem }
a.button {
  display: grid; place-items: center; padding: .6875rem 1rem; font-weight: 600; text-align: center; text-decoration: none; border-radius: .5rem;
  color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent);
}
a.button.second { color: var(--ink); background: transparent; border-color: var(--line) }
a.button:hover { background: color-mix(in srgb, var(--accent) 88%, light-dark(#000000, #ffffff)) }
a.button.second:hover { background: var(--ground) }
@media (max-width: 30rem) { main.wide dl { grid-template-columns: 1fr } main.wide dt { margin-top: .25rem } }
`;
