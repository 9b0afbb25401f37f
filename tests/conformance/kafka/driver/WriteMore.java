import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;

/** WriteMore BOOTSTRAP_SERVERS: the second life of the broker, which ends in the middle of it. */
public final class WriteMore {
    private WriteMore() {}

    public static void main(String[] arguments) throws Exception {
        Clients clients = new Clients(arguments[0]);
        Records records = new Records();
        for (String topic : List.of(Topics.ofCodec("none"), Topics.ofCodec("zstd"), Topics.SEGMENTS)) {
            try (KafkaProducer<byte[], byte[]> producer = clients.producer("batch.size", "1000", "linger.ms", "2",
                     "compression.type", topic.equals(Topics.ofCodec("zstd")) ? "zstd" : "none")) {
                for (int i = 0; i < 200; ++i)
                    producer.send(records.record(topic, 0, i, "key " + i % 31, "second life " + records.noise(i % 97)));
            }
        }
        // Decided by nobody in the first life: the new epoch of the producer aborts it.
        KafkaProducer<byte[], byte[]> open = clients.transactional("left open");
        for (int round = 0; round < 3; ++round) {
            open.beginTransaction();
            for (int i = 0; i < 10; ++i)
                open.send(records.record(Topics.TRANSACTIONS, i % Topics.TRANSACTION_PARTITIONS, i, "again", "round " + round));
            if (round < 2) open.commitTransaction();
            else open.flush();
        }
        try (Admin admin = clients.admin()) {
            admin.deleteTopics(List.of(Topics.DOOMED)).all().get();
        }
        Runtime.getRuntime().halt(0);
    }
}
