import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;

/** What the broker's background work has done, seen in its files: there is no request that tells. */
final class DataDirectory {
    private static final long PATIENCE_MS = 60_000;
    private static final long BETWEEN_LOOKS_MS = 20;

    private final Path directory;

    DataDirectory(Path directory) {
        this.directory = directory;
    }

    /** The cleaner keeps up to where it cleaned; it does not touch the active segment. */
    void waitUntilCleaned(TopicPartition partition) throws Exception {
        Path active = newestSegment(partition);
        long activeBase = Long.parseLong(active.getFileName().toString().replace(".log", ""));
        waitUntil(partition + " is cleaned up to " + activeBase, () -> {
            String line = partition.topic() + ' ' + partition.partition() + ' ' + activeBase;
            return Files.readAllLines(directory.resolve("cleaner-offset-checkpoint")).contains(line);
        });
    }

    void waitUntilGone(String file) throws Exception {
        waitUntil(file + " is gone", () -> !Files.exists(directory.resolve(file)));
    }

    private Path newestSegment(TopicPartition partition) throws IOException {
        try (var files = Files.list(directory.resolve(partition.toString()))) {
            return files.filter(file -> file.toString().endsWith(".log")).sorted().reduce((a, b) -> b).orElseThrow();
        }
    }

    private static void waitUntil(String what, Callable<Boolean> fits) throws Exception {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!isTrue(fits)) {
            if (System.nanoTime() > end) throw new IllegalStateException("waited in vain until " + what);
            Thread.sleep(BETWEEN_LOOKS_MS);
        }
    }

    private static boolean isTrue(Callable<Boolean> fits) throws Exception {
        try {
            return fits.call();
        } catch (NoSuchFileException renamedMeanwhile) {
            return false;
        }
    }
}
