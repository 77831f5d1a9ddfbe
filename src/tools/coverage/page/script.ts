import { picture } from './script-picture.ts';

/**
 * The script of the coverage page. It decides nothing about rules: the page has the normal forms of the algebra, and the
 * script compares the scopes of their alternatives with the chosen scopes. It sends no request.
 */
export const script: string = `'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const { types, ways, roots, forms } = data;
const out = types.map(() => []);
const into = types.map(() => []);
for (const way of ways) { out[way[0]].push(way); into[way[1]].push(way); }
const by = (id) => document.getElementById(id);
const boxes = [...document.querySelectorAll('#scopes input')];
let hasToken = data.chosen !== null;
let reached = [];
let open = [];

/* 2: yes, 1: depends, 0: no */
function passes({ any, capped }, chosen) {
  let best = capped && hasToken ? 1 : 0;
  for (const [scopes, token, other] of any) {
    if (token && !(hasToken && scopes.every((scope) => chosen.has(scope)))) continue;
    best = Math.max(best, other ? 1 : 2);
  }
  return best;
}

function decide() {
  hasToken = by('token').checked;
  const chosen = new Set(boxes.flatMap((box, at) => (box.checked ? [at] : [])));
  for (const box of boxes) box.disabled = !hasToken;
  open = forms.map((form) => passes(form, chosen));
  reached = types.map(() => 0);
  for (const level of [2, 1]) {
    for (const root of roots) reached[root] = 2;
    const queue = reached.flatMap((state, at) => (state === 2 ? [at] : []));
    for (const at of queue) {
      for (const [, to, form] of out[at]) {
        if (reached[to] || !open[form] || (level === 2 && open[form] < 2)) continue;
        reached[to] = level;
        queue.push(to);
      }
    }
  }
  let fields = 0;
  let depends = 0;
  for (const [at, rows] of tables) {
    rows.forEach((row, index) => {
      const state = Math.min(reached[at], open[types[at][4][index]]);
      row.className = ['no', 'part', 'yes'][state];
      if (types[at][1] !== 't') return;
      if (state === 2) fields += 1;
      if (state === 1) depends += 1;
    });
  }
  let runs = 0;
  operationRows.forEach((row, index) => {
    const state = open[data.operations[index]];
    row.className = ['no', 'part', 'yes'][state];
    if (state === 2) runs += 1;
  });
  by('sum').textContent = 'Fields that are read: ' + fields.toLocaleString('en') + '. Fields that depend: ' + depends.toLocaleString('en') + '.' +
    (operationRows.length === 0 ? '' : ' Operations that run: ' + runs.toLocaleString('en') + ' of ' + operationRows.length.toLocaleString('en') + '.');
  draw();
}

/* How much of a type is read: all, a part or nothing. */
function share(at) {
  const fields = types[at][4];
  if (!reached[at]) return 'no';
  if (reached[at] === 2 && fields.every((form) => open[form] === 2)) return 'yes';
  return 'part';
}

const details = [...document.querySelectorAll('details[data-type]')];
const tables = details.map((one) => [Number(one.dataset.type), [...one.querySelectorAll('tbody tr')]]);
const operationRows = [...document.querySelectorAll('#operations tbody tr')];
const texts = details.map((one) => one.textContent.toLowerCase());
let found = new Set();

function search() {
  const text = by('search').value.trim().toLowerCase();
  const state = by('bare').checked;
  let count = 0;
  found = new Set();
  details.forEach((one, at) => {
    const isFound = (text === '' || texts[at].includes(text)) && (!state || one.dataset.bare === '1');
    one.hidden = !isFound;
    if (!isFound) return;
    count += 1;
    if (text !== '' || state) found.add(Number(one.dataset.type));
  });
  by('count').textContent = count.toLocaleString('en') + (count === 1 ? ' type' : ' types');
  draw();
}

function show(at) {
  const one = by('t' + at);
  if (one.hidden) { by('search').value = ''; by('bare').checked = false; search(); }
  one.open = true;
  one.querySelector('summary').focus({ preventScroll: true });
  /* The first scroll renders the rows on the way, which have other heights than expected. */
  let count = 0;
  const scroll = () => { one.scrollIntoView({ block: 'start' }); count += 1; if (count < 4) requestAnimationFrame(scroll); };
  scroll();
}
${picture}
by('tools').hidden = false;
by('token').checked = hasToken;
boxes.forEach((box, at) => { box.checked = (data.chosen || []).includes(at); });
by('choices').addEventListener('change', decide);
by('all').addEventListener('click', () => { for (const box of boxes) box.checked = true; by('token').checked = true; decide(); });
by('none').addEventListener('click', () => { for (const box of boxes) box.checked = false; decide(); });
by('search').addEventListener('input', search);
by('search').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  const text = by('search').value.trim().toLowerCase();
  const distance = (at) => { const name = types[at][0].toLowerCase(); return name === text ? 0 : name.startsWith(text) ? 1 : name.includes(text) ? 2 : 3; };
  const [first] = [...found].sort((one, other) => distance(one) - distance(other));
  if (first !== undefined) select(first, true);
});
by('bare').addEventListener('change', search);
document.documentElement.dataset.scripts = '1';
fit();
decide();
search();
`;
