/** The part of the script that draws the types on a canvas. It draws only what is visible. */
export const picture = `
const canvas = by('picture');
const context = canvas.getContext('2d');
const { width: boxWidth, height: boxHeight } = data.box;
const view = { x: 0, y: 0, scale: 1 };
let selected = -1;
let isAsked = false;

function draw() {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(paint);
}

function paint() {
  isAsked = false;
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth, clientHeight } = canvas;
  if (canvas.width !== Math.round(clientWidth * ratio) || canvas.height !== Math.round(clientHeight * ratio)) {
    canvas.width = Math.round(clientWidth * ratio);
    canvas.height = Math.round(clientHeight * ratio);
  }
  const css = getComputedStyle(document.documentElement);
  const colours = palette(css);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(view.scale * ratio, 0, 0, view.scale * ratio, view.x * ratio, view.y * ratio);
  const left = -view.x / view.scale;
  const top = -view.y / view.scale;
  const right = left + clientWidth / view.scale;
  const bottom = top + clientHeight / view.scale;
  const isSeen = ([, , x, y]) => x + boxWidth > left && x < right && y + boxHeight > top && y < bottom;
  drawWays(colours, left, right);
  context.font = '600 13px system-ui, sans-serif';
  context.textBaseline = 'middle';
  const isReadable = view.scale > 0.4;
  types.forEach((type, at) => {
    if (!isSeen(type)) return;
    const [name, kind, x, y] = type;
    const state = share(at);
    const isFaint = found.size > 0 && !found.has(at) && at !== selected;
    context.globalAlpha = isFaint ? 0.25 : 1;
    context.fillStyle = colours[state + 'Ground'];
    context.strokeStyle = at === selected ? colours.accent : colours[state];
    context.lineWidth = (at === selected ? 3 : 1.5) / Math.min(1, view.scale * 1.5);
    context.setLineDash(state === 'no' ? [4, 3] : []);
    context.beginPath();
    context.roundRect(x, y, boxWidth, boxHeight, kind === 't' ? 5 : 15);
    context.fill();
    context.stroke();
    context.setLineDash([]);
    if (isReadable) {
      context.fillStyle = colours.ink;
      context.fillText(short(name), x + 10, y + boxHeight / 2, boxWidth - 20);
    }
    context.globalAlpha = 1;
  });
}

function palette(css) {
  const probe = by('probe');
  const of = (name) => { probe.style.color = 'var(--' + name + ')'; return getComputedStyle(probe).color; };
  return { ink: of('ink'), accent: of('accent'), way: of('way'), yes: of('open'), yesGround: of('open-ground'), part: of('part'), partGround: of('part-ground'), no: of('shut'), noGround: of('shut-ground') };
}

function drawWays(colours, left, right) {
  const isOfSelected = (way) => way[0] === selected || way[1] === selected;
  const line = (way) => {
    const [, , fromX, fromY] = types[way[0]];
    const [, , toX, toY] = types[way[1]];
    const isForward = toX >= fromX;
    const x1 = fromX + (isForward ? boxWidth : 0);
    const x2 = toX + (isForward ? 0 : boxWidth);
    if (Math.max(x1, x2) < left || Math.min(x1, x2) > right) return;
    const bend = Math.max(40, Math.abs(x2 - x1) / 2) * (isForward ? 1 : -1);
    const y1 = fromY + boxHeight / 2;
    const y2 = toY + boxHeight / 2;
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
  };
  context.lineWidth = 1 / Math.max(view.scale, 0.3);
  context.globalAlpha = ways.length > 400 ? 0.12 : 0.5;
  context.strokeStyle = colours.way;
  context.beginPath();
  for (const way of ways) if (!isOfSelected(way)) line(way);
  context.stroke();
  context.globalAlpha = 1;
  for (const state of [0, 1, 2]) {
    context.strokeStyle = [colours.no, colours.part, colours.yes][state];
    context.setLineDash(state === 0 ? [5, 4] : []);
    context.lineWidth = 2 / Math.max(view.scale, 0.3);
    context.beginPath();
    for (const way of selected < 0 ? [] : [...out[selected], ...into[selected]]) if (open[way[2]] === state) line(way);
    context.stroke();
  }
  context.setLineDash([]);
}

function short(name) {
  return name.length > 26 ? name.slice(0, 25) + '…' : name;
}

function fit() {
  const xs = types.map((type) => type[2]);
  const ys = types.map((type) => type[3]);
  const [minX, maxX] = [Math.min(...xs), Math.max(...xs) + boxWidth];
  const [minY, maxY] = [Math.min(...ys), Math.max(...ys) + boxHeight];
  const room = 24;
  const scale = Math.min((canvas.clientWidth - room) / (maxX - minX), (canvas.clientHeight - room) / (maxY - minY), 1.2);
  view.scale = Math.max(scale, 0.02);
  view.x = (canvas.clientWidth - (maxX + minX) * view.scale) / 2;
  view.y = (canvas.clientHeight - (maxY + minY) * view.scale) / 2;
  draw();
}

function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const scale = Math.min(4, Math.max(0.02, view.scale * factor));
  view.x = x - ((x - view.x) * scale) / view.scale;
  view.y = y - ((y - view.y) * scale) / view.scale;
  view.scale = scale;
  draw();
}

/* Selects a type, and says what is read of it. */
function select(at, isCentred) {
  selected = at;
  const [name, , x, y, fields] = types[at];
  const count = fields.filter((form) => Math.min(reached[at], open[form]) === 2).length;
  const words = { yes: 'every field is read', part: count + ' of ' + fields.length + ' fields are read', no: 'nothing is read' };
  by('said').textContent = name + ': ' + (fields.length === 0 && share(at) === 'yes' ? 'reached' : words[share(at)]) + '. It leads to ' + out[at].length + ' and is reached from ' + into[at].length + '. Press Enter for its fields.';
  if (isCentred) {
    view.scale = Math.max(view.scale, 0.6);
    view.x = canvas.clientWidth / 2 - (x + boxWidth / 2) * view.scale;
    view.y = canvas.clientHeight / 2 - (y + boxHeight / 2) * view.scale;
  }
  draw();
}

function typeAt(event) {
  const { left, top } = canvas.getBoundingClientRect();
  const x = (event.clientX - left - view.x) / view.scale;
  const y = (event.clientY - top - view.y) / view.scale;
  return types.findIndex((type) => x >= type[2] && x <= type[2] + boxWidth && y >= type[3] && y <= type[3] + boxHeight);
}

/* Finds the nearest type in a direction. */
function neighbour(at, dx, dy) {
  let best = -1;
  let least = Infinity;
  types.forEach((type, other) => {
    const along = (type[2] - types[at][2]) * dx + (type[3] - types[at][3]) * dy;
    if (other === at || along <= 0) return;
    const across = Math.abs((type[2] - types[at][2]) * dy) + Math.abs((type[3] - types[at][3]) * dx);
    const distance = along + across * 2;
    if (distance < least) { least = distance; best = other; }
  });
  return best;
}

let drag = null;
canvas.addEventListener('pointerdown', (event) => {
  drag = { x: event.clientX, y: event.clientY, isMoved: false };
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener('pointermove', (event) => {
  if (!drag) return;
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.isMoved && Math.abs(dx) + Math.abs(dy) < 4) return;
  drag = { x: event.clientX, y: event.clientY, isMoved: true };
  view.x += dx;
  view.y += dy;
  draw();
});
canvas.addEventListener('pointerup', (event) => {
  const at = drag && !drag.isMoved ? typeAt(event) : -1;
  if (at >= 0) select(at, false);
  drag = null;
});
canvas.addEventListener('pointercancel', () => { drag = null; });
canvas.addEventListener('dblclick', (event) => { const at = typeAt(event); if (at >= 0) show(at); });
canvas.addEventListener('wheel', (event) => {
  if (!event.ctrlKey && document.activeElement !== canvas) return;
  event.preventDefault();
  const { left, top } = canvas.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY / 400), event.clientX - left, event.clientY - top);
}, { passive: false });
canvas.addEventListener('keydown', (event) => {
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const arrow = arrows[event.key];
  if (arrow) {
    const next = selected < 0 ? roots[0] : neighbour(selected, arrow[0], arrow[1]);
    if (next >= 0) select(next, true);
  } else if (event.key === '+' || event.key === '=') zoom(1.25);
  else if (event.key === '-') zoom(0.8);
  else if (event.key === '0') fit();
  else if (event.key === 'Enter' && selected >= 0) show(selected);
  else return;
  event.preventDefault();
});
by('in').addEventListener('click', () => zoom(1.25));
by('out').addEventListener('click', () => zoom(0.8));
by('fit').addEventListener('click', fit);
new ResizeObserver(draw).observe(canvas);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
`;
