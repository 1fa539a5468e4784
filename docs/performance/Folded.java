// Prints the samples of a JFR recording as folded stacks, a line `root;...;leaf COUNT` each: java Folded.java FILE EVENT...
// With jdk.CPUTimeSample, which is what a processor did, time in native code and the kernel included, those that the sampler could
// not walk are counted under [lost].

import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

void main(String[] arguments) throws Exception {
  Set<String> wanted = Set.copyOf(List.of(arguments).subList(1, arguments.length));
  Map<String, Integer> counts = new TreeMap<>();
  try (RecordingFile recording = new RecordingFile(Path.of(arguments[0]))) {
    while (recording.hasMoreEvents()) {
      RecordedEvent event = recording.readEvent();
      if (wanted.contains(event.getEventType().getName())) {
        counts.merge(stack(event), 1, Integer::sum);
      }
    }
  }
  counts.forEach((stack, count) -> IO.println(stack + " " + count));
}

String stack(RecordedEvent event) {
  if (event.getStackTrace() == null) {
    return "[lost]";
  }
  StringBuilder stack = new StringBuilder();
  for (RecordedFrame frame : event.getStackTrace().getFrames().reversed()) {
    RecordedMethod method = frame.getMethod();
    if (method != null && !(stack.isEmpty() && beginsEveryThread(method.getType().getName()))) {
      // a hidden class is called after where it lies in memory
      String type = method.getType().getName().replaceAll("[/+]0x.*", "").replaceAll("\\$\\$.*", "");
      stack.append(stack.isEmpty() ? "" : ";").append(type).append('.').append(method.getName());
    }
  }
  return stack.isEmpty() ? "[no Java frame]" : stack.toString();
}

boolean beginsEveryThread(String type) {
  return type.startsWith("jdk.internal.vm.Continuation")
      || type.startsWith("java.lang.VirtualThread")
      || type.equals("java.lang.Thread");
}
