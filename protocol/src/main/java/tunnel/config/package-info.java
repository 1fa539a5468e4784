/// Where options come from that are not on the command line: the environment, and a file in TOML whose keys are the options' own
/// names. Knows picocli's model of a command, so that an option is a key without a word about it here.
@NullMarked
package tunnel.config;

import org.jspecify.annotations.NullMarked;
