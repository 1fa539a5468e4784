package tunnel.cli;

import picocli.CommandLine.IVersionProvider;

/// What `--version` prints: the build's version and the protocol's.
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"${ROOT-COMMAND-NAME} " + number() + ", protocol " + tunnel.protocol.VersionRange.OURS};
    }

    /// The build's alone.
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(development build)" : version;
    }
}
