/// The inspector's page in headless Chromium, as its user sees it and works with it: real programs, a real app, real clicks and keys.
@NullMarked
package tunnel.browser;

import org.jspecify.annotations.NullMarked;
