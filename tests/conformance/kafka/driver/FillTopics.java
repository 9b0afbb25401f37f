import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** FillTopics BOOTSTRAP_SERVERS DATA_DIRECTORY SCALE: the first life of the broker. SCALE 1 is small. */
public final class FillTopics {
    private final Clients clients;
    private final DataDirectory data;
    private final int scale;
    private final Records records = new Records();

    private FillTopics(String bootstrapServers, Path data, int scale) {
        this.clients = new Clients(bootstrapServers);
        this.data = new DataDirectory(data);
        this.scale = scale;
    }

    public static void main(String[] arguments) throws Exception {
        new FillTopics(arguments[0], Path.of(arguments[1]), Integer.parseInt(arguments[2])).run();
        // Without closing anything: what is open stays open.
        Runtime.getRuntime().halt(0);
    }

    private void run() throws Exception {
        try (Admin admin = clients.admin()) {
            Topics.createAll(admin);
            for (String codec : Topics.CODECS) fillWithCodec(codec);
            fillShapes();
            fillWith(clients.producer("compression.type", "zstd", "linger.ms", "5"), Topics.RECOMPRESSED, 200 * scale);
            fillWith(clients.producer("linger.ms", "5"), Topics.APPEND_TIME, 200 * scale);
            for (String topic : List.of(Topics.SEGMENTS, Topics.TRIMMED, Topics.SIZED))
                fillWith(clients.producer("batch.size", "1000", "linger.ms", "2"), topic, 800 * scale);
            fillTransactions();
            fillCompacted();
            deleteRecords(admin);
            readInGroups();
            waitForRetention(admin);
        }
    }

    private void fillWithCodec(String codec) throws Exception {
        // Small batches among large ones: a few records in each of the first, whatever fits in the later.
        KafkaProducer<byte[], byte[]> small =
            clients.producer("compression.type", codec, "batch.size", "400", "linger.ms", "1");
        fillWith(small, Topics.ofCodec(codec), 100 * scale);
        fillWith(clients.producer("compression.type", codec, "linger.ms", "5"), Topics.ofCodec(codec), 400 * scale);
        fillWith(clients.producer("compression.type", codec, "enable.idempotence", "false", "acks", "1"),
            Topics.ofCodec(codec), 20);
    }

    private void fillWith(KafkaProducer<byte[], byte[]> producer, String topic, int count) {
        try (producer) {
            for (int i = 0; i < count; ++i)
                producer.send(records.record(topic, 0, i, "key " + i % 31, "value " + i + ' ' + records.noise(i % 97)));
        }
    }

    private void fillShapes() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer("max.request.size", "1100000")) {
            int i = 0;
            for (String key : new String[] {null, "", "key", "ключ 🗝 鍵"}) {
                for (String value : new String[] {null, "", "v", "wert äöü\u0000\n\"\\", records.noise(900)}) {
                    ProducerRecord<byte[], byte[]> record = records.record(Topics.SHAPES, 0, i++, key, value);
                    if (i % 2 == 0) record.headers().add("", Records.bytes("empty key"));
                    if (i % 3 == 0) record.headers().add("null value", null).add("null value", new byte[0]);
                    if (i % 5 == 0) record.headers().add("título ✓", new byte[] {0, (byte) 0xff, (byte) 0x80});
                    producer.send(record).get();
                }
            }
            // A timestamp at the beginning of time, one record that fills a batch alone, a thousand empty ones.
            producer.send(new ProducerRecord<>(Topics.SHAPES, 0, 0L, Records.bytes("old"), Records.bytes("v"))).get();
            producer.send(records.record(Topics.SHAPES, 0, i++, "large", records.noise(1_000_000))).get();
            for (int n = 0; n < 1000; ++n) producer.send(records.record(Topics.SHAPES, 0, i++, null, ""));
        }
    }

    /** Two transactional producers at a time on the same partitions, and records without a transaction between. */
    private void fillTransactions() throws Exception {
        try (KafkaProducer<byte[], byte[]> first = clients.transactional("first");
             KafkaProducer<byte[], byte[]> second = clients.transactional("second");
             KafkaProducer<byte[], byte[]> plain = clients.producer()) {
            for (int round = 0; round < 12 * scale; ++round) {
                first.beginTransaction();
                second.beginTransaction();
                for (int i = 0; i < 20; ++i) {
                    int partition = i % Topics.TRANSACTION_PARTITIONS;
                    first.send(records.record(Topics.TRANSACTIONS, partition, i, "first " + round, records.noise(40)));
                    second.send(records.record(Topics.TRANSACTIONS, partition, i, "second " + round, records.noise(40)));
                    if (i % 8 == 7) {
                        first.flush();
                        plain.send(records.record(Topics.TRANSACTIONS, partition, i, "plain", "in between")).get();
                        second.flush();
                    }
                }
                end(second, round % 3 != 0);
                end(first, round % 4 != 1);
            }
        }
        KafkaProducer<byte[], byte[]> open = clients.transactional("left open");
        open.beginTransaction();
        for (int i = 0; i < 10; ++i)
            open.send(records.record(Topics.TRANSACTIONS, 0, i, "open", "nobody decides about this"));
        open.flush();
        try (KafkaProducer<byte[], byte[]> plain = clients.producer()) {
            plain.send(records.record(Topics.TRANSACTIONS, 0, 0, "plain", "beyond the last stable offset")).get();
        }
    }

    private static void end(KafkaProducer<byte[], byte[]> producer, boolean commits) {
        if (commits) producer.commitTransaction();
        else producer.abortTransaction();
    }

    /** Few keys again and again with tombstones among them, also in committed and aborted transactions. */
    private void fillCompacted() throws Exception {
        try (KafkaProducer<byte[], byte[]> plain = clients.producer("compression.type", "lz4", "batch.size", "2000");
             KafkaProducer<byte[], byte[]> transactional = clients.transactional("compacting")) {
            for (int round = 0; round < 12 * scale; ++round) {
                for (int i = 0; i < 60; ++i) {
                    String value = (round + i) % 9 == 0 ? null : "round " + round + ' ' + records.noise(50);
                    plain.send(records.record(Topics.COMPACTED, 0, 60 * round + i, "key " + (i * 7) % 40, value));
                }
                plain.flush();
                transactional.beginTransaction();
                for (int i = 0; i < 10; ++i)
                    transactional.send(records.record(Topics.COMPACTED, 0, 60 * round, "in transaction " + i, "r" + round));
                end(transactional, round % 2 == 0);
            }
        }
        data.waitUntilCleaned(new TopicPartition(Topics.COMPACTED, 0));
    }

    private void deleteRecords(Admin admin) throws Exception {
        // Into the middle of a segment, and of a batch.
        admin.deleteRecords(Map.of(new TopicPartition(Topics.TRIMMED, 0), RecordsToDelete.beforeOffset(333),
            new TopicPartition(Topics.ofCodec("gzip"), 0), RecordsToDelete.beforeOffset(211))).all().get();
        data.waitUntilGone(Topics.TRIMMED + "-0/00000000000000000000.log");
    }

    private void waitForRetention(Admin admin) throws Exception {
        TopicPartition sized = new TopicPartition(Topics.SIZED, 0);
        data.waitUntilGone(Topics.SIZED + "-0/00000000000000000000.log");
        long logStart = admin.listOffsets(Map.of(sized, OffsetSpec.earliest())).partitionResult(sized).get().offset();
        if (logStart == 0) throw new IllegalStateException("retention.bytes did not move the log start of " + sized);
    }

    /** Both protocols, offsets with metadata, and offsets committed in a transaction. */
    private void readInGroups() throws Exception {
        for (String protocol : List.of("classic", "consumer")) {
            try (KafkaConsumer<byte[], byte[]> consumer =
                     clients.consumer("group.id", protocol + " readers", "group.protocol", protocol)) {
                consumer.subscribe(List.of(Topics.ofCodec("gzip"), Topics.TRANSACTIONS));
                ConsumerRecords<byte[], byte[]> read;
                do {
                    read = consumer.poll(java.time.Duration.ofSeconds(10));
                } while (read.isEmpty());
                consumer.commitSync();
                TopicPartition partition = read.partitions().iterator().next();
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(3, "noted: ünï")));
                if (protocol.equals("classic")) commitInTransaction(consumer, partition);
            }
        }
    }

    private void commitInTransaction(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        try (KafkaProducer<byte[], byte[]> producer = clients.transactional("copying")) {
            for (boolean commits : new boolean[] {false, true}) {
                producer.beginTransaction();
                producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(commits ? 5 : 4)),
                    consumer.groupMetadata());
                end(producer, commits);
            }
        }
    }
}
