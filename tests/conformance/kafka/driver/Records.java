import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Keys and values, the same in every run; timestamps are near now, so that no producer has expired. */
final class Records {
    private final Random random = new Random(7);
    private final long firstTimestamp = System.currentTimeMillis() - 3_600_000;

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** Letters no codec makes much smaller. */
    String noise(int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) text.append(Long.toString(random.nextLong() & Long.MAX_VALUE, 36));
        return text.substring(0, length);
    }

    ProducerRecord<byte[], byte[]> record(String topic, int partition, int i, String key, String value) {
        return new ProducerRecord<>(topic, partition, timestamp(i), bytes(key), bytes(value));
    }

    /** Rises with a step back now and then, as from several machines. */
    private long timestamp(int i) {
        return firstTimestamp + 100L * i - (i % 7 == 3 ? 450 : 0);
    }
}
