import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's clients for one cluster; configuration is given as key, value, key, value. */
final class Clients {
    private final String bootstrapServers;

    Clients(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    Admin admin() {
        return Admin.create(properties());
    }

    KafkaProducer<byte[], byte[]> producer(String... configs) {
        return new KafkaProducer<>(properties(configs), new ByteArraySerializer(), new ByteArraySerializer());
    }

    KafkaProducer<byte[], byte[]> transactional(String transactionalId) {
        // A transaction that is left open stays so for a day.
        KafkaProducer<byte[], byte[]> producer =
            producer("transactional.id", transactionalId, "transaction.timeout.ms", "86400000", "linger.ms", "20");
        producer.initTransactions();
        return producer;
    }

    KafkaConsumer<byte[], byte[]> consumer(String... configs) {
        Properties properties = properties("auto.offset.reset", "earliest", "enable.auto.commit", "false");
        properties.putAll(properties(configs));
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Properties properties(String... configs) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        for (int i = 0; i < configs.length; i += 2) properties.put(configs[i], configs[i + 1]);
        return properties;
    }
}
