// What scripts add to pages that work without them: local times, the theme switch,
// copying, and keys. Nothing here makes markup from text.

/** Show times in the reader's time zone; the UTC time stays as the title. */
for (const t of document.querySelectorAll('time[datetime]')) {
  const at = new Date(t.dateTime);
  if (Number.isNaN(at.getTime())) continue;
  t.title = `${t.textContent} UTC`;
  const pad = (n) => String(n).padStart(2, '0');
  t.textContent = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

document.querySelector('[data-theme-toggle]')?.addEventListener('click', () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  localStorage.setItem('weir-theme', root.dataset.theme);
});

/** @param {HTMLElement} button @param {string} text */
async function copy(button, text) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Copying was refused';
  }
  setTimeout(() => { button.textContent = label; }, 1500);
}

for (const b of document.querySelectorAll('[data-copy]')) {
  b.addEventListener('click', () => copy(b, document.querySelector(b.dataset.copy)?.textContent ?? ''));
}
for (const b of document.querySelectorAll('[data-copy-link]')) {
  b.addEventListener('click', () => copy(b, location.href));
}

/** Keys: / searches, j and k move over rows, Enter opens the row. */
const rows = [...document.querySelectorAll('table[data-rows] tbody tr')];
let at = -1;
document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, select, textarea, button, a')) return;
  if (e.key === '/') {
    const field = document.querySelector('[data-search]');
    if (field) { field.focus(); e.preventDefault(); }
  } else if ((e.key === 'j' || e.key === 'k') && rows.length) {
    rows[at]?.classList.remove('at');
    at = Math.max(0, Math.min(rows.length - 1, at + (e.key === 'j' ? 1 : -1)));
    rows[at].classList.add('at');
    rows[at].scrollIntoView({ block: 'nearest' });
  } else if (e.key === 'Enter' && rows[at]) {
    rows[at].querySelector('[data-open]')?.click();
  }
});
