package tunnel.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a process has taken of the machine at a moment.
///
/// @param rss resident memory in KiB
/// @param heap used heap in KiB after a collection; 0 where it was not asked for
/// @param threads the kernel's
/// @param virtual virtual threads; 0 where it was not asked for
record Vitals(long rss, long heap, long threads, long virtual, long descriptors) {
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern HEAP = Pattern.compile("(?:DefNew|Tenured|garbage-first heap).*?used (\\d+)K");
    private static final Pattern VISITOR = Pattern.compile("\"name\": \"visitor-");
    private static final Pattern VIRTUAL = Pattern.compile("\"virtual\": true");

    /// Of any process; costs it nothing.
    static Vitals of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        MatchResult rss = RSS.matcher(Files.readString(process.resolve("status"))).results().findFirst().orElseThrow();
        return new Vitals(Long.parseLong(rss.group(1)), 0, count(process.resolve("task")), 0, count(process.resolve("fd")));
    }

    /// Of a JVM, after a collection.
    static Vitals collected(long pid) throws IOException {
        jcmd(pid, "GC.run");
        jcmd(pid, "GC.run"); // the second one frees what cleaners of the first let go
        long heap = HEAP.matcher(jcmd(pid, "GC.heap_info"))
                .results()
                .mapToLong(one -> Long.parseLong(one.group(1)))
                .sum();
        long virtual = VIRTUAL.matcher(threads(pid)).results().count();
        Vitals now = of(pid);
        return new Vitals(now.rss, heap, now.threads, virtual, now.descriptors);
    }

    /// How many threads of a JVM serve visitors.
    static long visitors(long pid) throws IOException {
        return VISITOR.matcher(threads(pid)).results().count();
    }

    private static String threads(long pid) throws IOException {
        Path dump = Files.createTempFile("threads", ".json");
        try {
            jcmd(pid, "Thread.dump_to_file", "-format=json", "-overwrite", dump.toString());
            return Files.readString(dump);
        } finally {
            Files.delete(dump);
        }
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    private static String jcmd(long pid, String... arguments) throws IOException {
        Path java = Path.of(ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow());
        List<String> command = Stream.concat(
                        Stream.of(java.resolveSibling("jcmd").toString(), Long.toString(pid)), Stream.of(arguments))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }

    /// As a person reads it.
    @Override
    public String toString() {
        return (rss >> 10) + " MiB resident" + (heap == 0 ? "" : ", heap " + heap / 1024 + " MiB") + ", " + threads
                + " threads" + (virtual == 0 ? "" : " + " + virtual + " virtual") + ", " + descriptors + " descriptors";
    }
}
