/** The style sheet of the coverage page. It loads no image and no font. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #14161a); --card: light-dark(#ffffff, #1c1f25); --ink: light-dark(#16181d, #e9ebf0);
  --quiet: light-dark(#555b67, #a6adbb); --rule: light-dark(#d9dde4, #343944); --accent: light-dark(#2348b8, #9db7ff);
  --open: light-dark(#0b6b3a, #7fd9a7); --open-ground: light-dark(#d5f2e1, #173d2a);
  --part: light-dark(#805000, #ffca6b); --part-ground: light-dark(#ffefcc, #463411);
  --shut: light-dark(#5f6673, #8b93a3); --shut-ground: light-dark(#e7e9ee, #2a2e37);
  --way: light-dark(#8c97ad, #5d6678);
}
* { box-sizing: border-box }
[hidden] { display: none !important }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground) }
header { padding: 1rem 1.5rem; background: var(--card); border-bottom: 1px solid var(--rule) }
h1 { margin: 0; font-size: 1.25rem; overflow-wrap: anywhere } h2 { margin: 0 0 .5rem; font-size: 1.0625rem }
header p { margin: .25rem 0 0; color: var(--quiet) }
.tools { display: grid; grid-template-columns: 17rem 1fr; gap: 1rem; padding: 1rem 1.5rem }
.panel { padding: 1rem; background: var(--card); border: 1px solid var(--rule); border-radius: .5rem; min-width: 0 }
fieldset { margin: 0 0 1rem; padding: 0; border: 0 } legend { padding: 0; font-weight: 600 }
.choices { max-height: 15rem; overflow: auto; border: 1px solid var(--rule); border-radius: .375rem; padding: .25rem .5rem }
.choices label, .row label { display: flex; gap: .5rem; align-items: baseline; overflow-wrap: anywhere }
input[type=search] { width: 100%; padding: .5rem .625rem; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: .375rem }
button { font: inherit; padding: .25rem .625rem; color: var(--ink); background: var(--card); border: 1px solid var(--quiet); border-radius: .375rem; cursor: pointer }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .5rem }
.legend { list-style: none; margin: 1rem 0 0; padding: 0 } .legend li { display: flex; gap: .5rem; align-items: center }
.legend b { flex: none; width: 1.25rem; height: .875rem; border: 2px solid; border-radius: .2rem }
b.yes { color: var(--open); background: var(--open-ground) } b.part { color: var(--part); background: var(--part-ground) }
b.no { color: var(--shut); background: var(--shut-ground); border-style: dashed }
.picture { position: relative; height: 34rem; padding: 0; overflow: hidden }
canvas { display: block; width: 100%; height: 100%; cursor: grab; touch-action: none }
.picture .row { position: absolute; top: 0; right: .5rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px } canvas:focus-visible { outline-offset: -3px }
#said { min-height: 1.5em; margin: .5rem 0 0; color: var(--quiet) }
main { padding: 0 1.5rem 3rem }
details { margin-top: .5rem; background: var(--card); border: 1px solid var(--rule); border-radius: .375rem; content-visibility: auto; contain-intrinsic-size: auto 2.5rem }
summary { padding: .375rem .75rem; cursor: pointer; overflow-wrap: anywhere } summary .quiet { margin-inline-start: .5rem }
.quiet { color: var(--quiet) }
table { width: 100%; border-collapse: collapse } .scroll { overflow-x: auto }
th, td { padding: .25rem .75rem; text-align: start; vertical-align: top; border-top: 1px solid var(--rule); overflow-wrap: break-word }
th { font-weight: 600; color: var(--quiet) } td code, summary code { font: .875rem/1.5 ui-monospace, monospace }
.state, .reached { white-space: nowrap } .bare { color: var(--part); font-weight: 600 } .public { color: var(--accent) }
.reached::before { content: "–"; color: var(--quiet) }
tr.yes .reached::before { content: "reads"; color: var(--open) } tr.part .reached::before { content: "depends"; color: var(--part) }
tr.no .reached::before { content: "no"; color: var(--shut) }
tr.yes .runs::before { content: "runs" }
#operations { margin-bottom: 1.5rem } #operations .scroll { max-height: 24rem; background: var(--card); border: 1px solid var(--rule); border-radius: .375rem }
#operations thead th { position: sticky; top: 0; background: var(--card) }
.inside { margin: 0; padding: .375rem .75rem } ul.inside { padding-inline-start: 2rem }
@media (max-width: 50rem) { .tools { grid-template-columns: 1fr; padding: 1rem } .picture { height: 22rem } main, header { padding-inline: 1rem } }
@media print { .tools { display: none } details::details-content { content-visibility: visible } }
`;
