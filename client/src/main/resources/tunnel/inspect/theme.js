// Runs before the first paint, so that nobody who chose dark is dazzled. Not a module: those wait for the document.
(() => {
  const CHOICES = ['auto', 'light', 'dark'];

  function saved() {
    try {
      return localStorage.getItem('theme');
    } catch {
      return null; // the browser keeps nothing for this page
    }
  }

  function show(choice) {
    document.documentElement.dataset.theme = choice;
  }

  show(CHOICES.includes(saved()) ? saved() : 'auto');

  // Goes on to the next choice and returns it.
  window.nextTheme = () => {
    const next = CHOICES[(CHOICES.indexOf(document.documentElement.dataset.theme) + 1) % CHOICES.length];
    show(next);
    try {
      localStorage.setItem('theme', next);
    } catch {
      // it holds until the page is left
    }
    return next;
  };
})();
