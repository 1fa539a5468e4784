/// What `doctor` of both programs is made of: checks, each with a bound, and how their verdicts are shown.
@NullMarked
package tunnel.doctor;

import org.jspecify.annotations.NullMarked;
