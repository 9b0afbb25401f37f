import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * ReadTopics BOOTSTRAP_SERVERS DIRECTORY: writes what a consumer sees of every topic that is not internal, from the log
 * start to the end, one record a line, into read_uncommitted.txt and read_committed.txt. The first line of a partition
 * tells its beginning and its end.
 */
public final class ReadTopics {
    private static final int LARGEST_SHOWN = 100;
    private static final long PATIENCE_MS = 60_000;

    private ReadTopics() {}

    public static void main(String[] arguments) throws Exception {
        Clients clients = new Clients(arguments[0]);
        for (String isolationLevel : List.of("read_uncommitted", "read_committed")) {
            String file = arguments[1] + '/' + isolationLevel + ".txt";
            try (PrintStream out = new PrintStream(file, StandardCharsets.UTF_8);
                 KafkaConsumer<byte[], byte[]> consumer = clients.consumer("isolation.level", isolationLevel, "fetch.max.wait.ms", "10")) {
                List<TopicPartition> partitions = partitions(consumer);
                Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                for (TopicPartition partition : partitions)
                    read(consumer, partition, beginnings.get(partition), ends.get(partition), out);
            }
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Map.Entry<String, List<PartitionInfo>> topic : consumer.listTopics().entrySet()) {
            if (topic.getKey().startsWith("__")) continue;
            for (PartitionInfo info : topic.getValue())
                partitions.add(new TopicPartition(info.topic(), info.partition()));
        }
        partitions.sort((a, b) -> a.toString().compareTo(b.toString()));
        return partitions;
    }

    private static void read(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long beginning, long end,
                             PrintStream out) {
        out.println(partition + " from " + beginning + " to " + end);
        consumer.assign(List.of(partition));
        consumer.seek(partition, beginning);
        long giveUp = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100)))
                out.println(partition + " " + line(record));
            if (System.nanoTime() > giveUp)
                throw new IllegalStateException("stuck at " + consumer.position(partition) + " of " + partition);
        }
    }

    private static String line(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder text = new StringBuilder();
        text.append(record.offset()).append(' ').append(record.timestampType()).append(' ').append(record.timestamp());
        text.append(" epoch ").append(record.leaderEpoch().map(String::valueOf).orElse("none"));
        text.append(" key ").append(shown(record.key())).append(" value ").append(shown(record.value()));
        for (Header header : record.headers())
            text.append(" header ").append(shown(header.key().getBytes(StandardCharsets.UTF_8))).append('=')
                .append(shown(header.value()));
        return text.toString();
    }

    private static String shown(byte[] bytes) {
        if (bytes == null) return "null";
        if (bytes.length <= LARGEST_SHOWN) return '"' + HexFormat.of().formatHex(bytes) + '"';
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return bytes.length + " bytes of checksum " + checksum.getValue();
    }
}
