'use strict';
(() => {
  const root = document.documentElement;
  const find = (selector) => document.querySelector(selector);
  root.classList.add('script');

  // The theme: that of the system, light, dark.
  const schemes = ['auto', 'light', 'dark'];
  const scheme = find('#scheme');
  scheme.addEventListener('click', () => {
    const next = schemes[(schemes.indexOf(root.dataset.scheme || 'auto') + 1) % schemes.length];
    root.dataset.scheme = next;
    scheme.textContent = 'Theme: ' + next;
  });

  // Copying: the clipboard where the browser grants it, else by a selection.
  const source = find('#markdown');
  const bySelection = () => {
    source.hidden = false;
    source.select();
    const done = document.execCommand('copy');
    source.hidden = true;
    return done;
  };
  find('#copy').addEventListener('click', async () => {
    let done = true;
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      done = bySelection();
    }
    find('#said').textContent = done ? 'Copied' : 'The browser does not let this page copy';
    const button = find('#copy');
    button.textContent = done ? 'Copied' : 'Could not copy';
    setTimeout(() => { button.textContent = 'Copy as Markdown'; }, 1500);
  });

  // One row's timeline at a time.
  const choice = find('#choose-row');
  const show = () => {
    for (const panel of document.querySelectorAll('#panels > .panel')) {
      panel.hidden = panel.id !== choice.value;
    }
  };
  choice.addEventListener('change', show);
  show();

  // Sorting: numbers by value, words by letters, what is missing last; again for the other way round.
  const table = find('#rows');
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => {
    const cell = row.cells[column];
    if (column > 0 && cell.dataset.sort !== undefined) return Number(cell.dataset.sort);
    const text = cell.textContent.trim();
    return text === '-' ? null : text;
  };
  const compare = (a, b) => typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), 'en', { numeric: true });
  heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
    const down = head.getAttribute('aria-sort') === 'ascending';
    heads.forEach((other) => other.removeAttribute('aria-sort'));
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const rows = [...body.rows].map((row) => [key(row, column), row]);
    rows.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return down ? compare(b, a) : compare(a, b);
    });
    body.append(...rows.map(([, row]) => row));
  }));

  // The columns that few ask for.
  const more = find('#more-columns');
  more.addEventListener('click', () => {
    const all = table.classList.toggle('all');
    more.setAttribute('aria-pressed', String(all));
  });

  // Filtering: a row stays if it has every word. A number is a whole one: 8 is not found in 128. A word is
  // found where one begins: io is not found in tokio, nor valid in invalid.
  const begins = (text, at) => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]);
  const has = (text, word) => {
    if (/^\d+$/.test(word)) return text.split(/\D+/).includes(word);
    const isName = /^[\p{L}\p{N}]/u.test(word);
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (!isName || begins(text, at)) return true;
    }
    return false;
  };
  const filter = find('#filter');
  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of body.rows) {
      row.hidden = !words.every((word) => has(row.dataset.find, word));
      shown += row.hidden ? 0 : 1;
    }
    const all = body.rows.length;
    const rows = all === 1 ? ' row' : ' rows';
    find('#shown-rows').textContent = words.length ? shown + ' of ' + all + rows : all + rows;
  });
})();
