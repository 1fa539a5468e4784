/// What must not be kept: values of header fields, of JSON keys and of form and query keys, replaced before anything is stored.
@NullMarked
package tunnel.inspect.mask;

import org.jspecify.annotations.NullMarked;
