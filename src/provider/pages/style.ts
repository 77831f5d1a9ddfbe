import { accountStyle } from './account-style.ts';
import { type AccentColor, colourDeclarations } from './palette.ts';

/** Returns the style sheet of all pages. It loads no image and no font. */
export function styleSheet(accent: AccentColor): string {
  return `
:root {
  color-scheme: light dark;
${colourDeclarations(accent)}}
* { box-sizing: border-box }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 1rem;
  font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground);
}
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border: 1px solid var(--rule); border-radius: .75rem }
header { display: flex; align-items: center; gap: .5rem; margin-bottom: 1.5rem; color: var(--quiet); font-weight: 600; overflow-wrap: anywhere }
header.logo { display: block }
header img { display: block; width: 100%; height: 2.5rem; margin-bottom: .5rem; object-fit: contain; object-position: left }
header:not(.logo)::before { flex: none; content: ""; width: 1.1rem; height: 1.1rem; border: 3px solid var(--accent); border-bottom: 0; border-radius: .6rem .6rem 0 0 }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25; overflow-wrap: anywhere; text-wrap: balance }
p { margin: 0 0 1rem; overflow-wrap: anywhere; text-wrap: pretty }
.quiet { color: var(--quiet); font-size: .9375rem }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600 }
input {
  width: 100%; padding: .625rem .75rem; font: inherit; color: inherit; background: transparent;
  border: 1px solid var(--line); border-radius: .5rem;
}
button {
  width: 100%; padding: .6875rem 1rem; font: inherit; font-weight: 600; border-radius: .5rem; cursor: pointer;
  color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent);
}
button.second { color: var(--ink); background: transparent; border-color: var(--line) }
button.link { width: auto; padding: 0; color: var(--accent); background: none; border: 0; font-weight: 400; text-decoration: underline }
/* The colour moves away from the colour of the text, so the contrast only grows. */
button:hover { background: color-mix(in srgb, var(--accent) 88%, light-dark(#000000, #ffffff)) }
button.second:hover { background: var(--ground) }
button.link:hover { background: none; text-decoration-thickness: 2px }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.actions { display: grid; gap: .75rem; margin-top: 1.5rem }
@media (min-width: 26rem) { .actions.two { grid-template-columns: 1fr 1fr } }
h2 { margin: 2rem 0 .5rem; font-size: 1.0625rem }
a { color: var(--accent) }
strong, dd, li { unicode-bidi: isolate }
.secret { position: relative }
.secret input { padding-inline-end: 4.75rem }
.secret:has(.reveal:not([hidden])) input::-ms-reveal { display: none }
.reveal {
  position: absolute; inset-block: 1px; inset-inline-end: 1px; width: 4.25rem; padding: 0; border: 0; border-radius: .4375rem;
  color: var(--accent); background: transparent; font-weight: 400;
}
.reveal:hover { background: transparent; text-decoration: underline }
.reveal:focus-visible { outline-offset: -3px }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.help { margin: 1.5rem 0 0 }
main > :last-child { margin-bottom: 0 }
li form { margin-top: .25rem }
.under { margin: .75rem 0 0 }
.done { margin: 0 0 1rem; padding: .75rem; border: 1px solid var(--rule); border-radius: .5rem }
.wrong { margin: 0 0 1rem; padding: .75rem; color: var(--wrong); background: var(--wrong-ground); border-radius: .5rem }
ul { margin: 0 0 1rem; padding: 0; list-style: none; border-top: 1px solid var(--rule) }
li code { display: block }
li { padding: .625rem 0; border-bottom: 1px solid var(--rule) }
dl { margin: 0 0 1rem; display: grid; grid-template-columns: auto 1fr; gap: .25rem .75rem; font-size: .9375rem }
dt { color: var(--quiet) } dd { margin: 0; overflow-wrap: anywhere }
code { font: .875rem/1.5 ui-monospace, monospace; color: var(--quiet); overflow-wrap: anywhere }
footer { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--quiet); font-size: .9375rem }
footer form { display: inline }
@media (max-width: 26rem) { body { place-items: start stretch; padding: 0; background: var(--card) } main { border: 0; border-radius: 0; padding: 1.5rem } }
${accountStyle}`;
}
