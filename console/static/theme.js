// Set the theme before the page is painted.
const chosen = localStorage.getItem('weir-theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
