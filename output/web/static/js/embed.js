// A published snippet has no server that could look at ?theme=dark: this does.

const theme = new URLSearchParams(location.search).get("theme");
if (theme === "light" || theme === "dark") document.documentElement.className = theme;
