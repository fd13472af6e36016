/** Draws a run's CSV file as a chart: its numeric columns over the first of them. The chart library is in the plugin's own folder. */
import { Runs } from '@ved/runner/contract';
import uPlot from './vendor/uPlot.esm.js';

const COLOURS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e', '#17becf', '#8c564b', '#7f7f7f'];
const HEIGHT_PX = 260;

export default {
  id: 'chart:preview',
  description: 'Draws CSV files as charts.',
  autoStart: true,
  requires: [Runs],
  activate: (_app, runs) => {
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = new URL('./vendor/uPlot.min.css', import.meta.url).href;
    document.head.append(style);
    runs.addFilePreview({
      label: 'Chart',
      accepts: ({ media_type }) => media_type === 'text/csv',
      show: async (_file, host, content) => draw(host, tableOf(await content.text())),
    });
  },
};

/** Returns a function that removes the chart. */
function draw(host, { names, columns }) {
  const numeric = columns
    .map((column, index) => ({ name: names[index], values: column.map(Number) }))
    .filter(({ values }) => values.every(Number.isFinite));
  if (numeric.length < 2) throw new Error('A chart needs two columns of numbers; the first is drawn along the bottom.');
  const [x, ...series] = numeric.slice(0, COLOURS.length + 1);
  const order = x.values.map((_, index) => index).sort((a, b) => x.values[a] - x.values[b]);
  const inOrder = ({ values }) => order.map((index) => values[index]);
  const chart = new uPlot(
    {
      width: host.clientWidth || 600,
      height: HEIGHT_PX,
      scales: { x: { time: false } },
      series: [{ label: x.name }, ...series.map(({ name }, index) => ({ label: name, stroke: COLOURS[index], width: 1.5 }))],
      axes: [{ label: x.name }, {}],
    },
    [x, ...series].map(inOrder),
    host,
  );
  host.setAttribute('role', 'img');
  host.setAttribute('aria-label', `${series.map(({ name }) => name).join(', ')} over ${x.name}, ${x.values.length} rows`);
  const sized = new ResizeObserver(() => host.clientWidth > 0 && chart.setSize({ width: host.clientWidth, height: HEIGHT_PX }));
  sized.observe(host);
  return () => {
    sized.disconnect();
    chart.destroy();
  };
}

/** The names in the first row, and the values of the other rows by column. */
function tableOf(text) {
  const [names = [], ...rows] = rowsOf(text.replace(/^\uFEFF/, ''));
  return { names, columns: names.map((_, index) => rows.map((row) => row[index] ?? '')) };
}

/** Parses RFC 4180: a quoted field may contain separators, line ends and doubled quotes. */
function rowsOf(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ',' && end !== '') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 1 || row[0] !== '');
}
