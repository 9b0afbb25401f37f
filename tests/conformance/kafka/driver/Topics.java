import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** The topics of the test: what each shows, and the configuration that makes it show it. */
final class Topics {
    static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    static final String SHAPES = "shapes";
    static final String APPEND_TIME = "append-time";
    static final String RECOMPRESSED = "recompressed";
    static final String TRANSACTIONS = "transactions";
    static final String COMPACTED = "compacted";
    static final String SEGMENTS = "segments";
    static final String TRIMMED = "trimmed";
    static final String SIZED = "sized";
    static final String DOOMED = "doomed";

    static final int TRANSACTION_PARTITIONS = 2;

    private static final Map<String, String> SMALL_SEGMENTS =
        Map.of("internal.segment.bytes", "8192", "index.interval.bytes", "256");

    private Topics() {}

    static String ofCodec(String codec) {
        return "codec-" + codec;
    }

    static void createAll(Admin admin) throws Exception {
        List<NewTopic> topics = new java.util.ArrayList<>();
        for (String codec : CODECS) topics.add(topic(ofCodec(codec), 1, Map.of("index.interval.bytes", "1024")));
        topics.add(topic(SHAPES, 1, Map.of()));
        topics.add(topic(APPEND_TIME, 1, Map.of("message.timestamp.type", "LogAppendTime")));
        topics.add(topic(RECOMPRESSED, 1, Map.of("compression.type", "gzip")));
        topics.add(topic(TRANSACTIONS, TRANSACTION_PARTITIONS, SMALL_SEGMENTS));
        // Cleaned again and again while it is filled; its tombstones are kept.
        topics.add(topic(COMPACTED, 1, with(SMALL_SEGMENTS, "cleanup.policy", "compact", "min.cleanable.dirty.ratio",
            "0.01", "segment.ms", "600000")));
        topics.add(topic(SEGMENTS, 1, SMALL_SEGMENTS));
        topics.add(topic(TRIMMED, 1, SMALL_SEGMENTS));
        topics.add(topic(SIZED, 1, with(SMALL_SEGMENTS, "retention.bytes", "20000")));
        topics.add(topic(DOOMED, 1, Map.of()));
        admin.createTopics(topics).all().get();
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> configs) {
        return new NewTopic(name, partitions, (short) 1).configs(configs);
    }

    private static Map<String, String> with(Map<String, String> configs, String... more) {
        Map<String, String> all = new TreeMap<>(configs);
        for (int i = 0; i < more.length; i += 2) all.put(more[i], more[i + 1]);
        return all;
    }
}
