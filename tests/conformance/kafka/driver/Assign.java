import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;
import org.apache.kafka.coordinator.group.assignor.UniformAssignor;
import org.apache.kafka.coordinator.group.modern.Assignment;
import org.apache.kafka.coordinator.group.modern.GroupSpecImpl;
import org.apache.kafka.coordinator.group.modern.MemberSubscriptionAndAssignmentImpl;

/**
 * Lets Kafka's own assignors work on the groups of standard input (assignor_cases.h says how they are written) and tells
 * what each member is given.
 */
final class Assign {
    private record Topic(String name, Uuid id, List<List<String>> racks) { }

    private record Member(String id, String instance, String rack, int generation, List<String> topics,
                          ByteBuffer userData, List<TopicPartition> owned) { }

    private static final long PATIENCE_MS = 5_000;
    private static final Comparator<Uuid> BY_BYTES = (a, b) -> {
        int order = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return order != 0 ? order : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    };

    private final String assignor;
    private final Map<String, Topic> topics = new LinkedHashMap<>();
    private final List<Member> members = new ArrayList<>();

    private Assign(String assignor) {
        this.assignor = assignor;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream output = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Assign group = null;
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "group" -> group = new Assign(words[1]);
                case "topic" -> group.addTopic(words);
                case "member" -> group.addMember(words);
                default -> output.println(group.assignInTime());
            }
        }
        output.flush();
    }

    /** The general sticky algorithm does not come to an end for every group. */
    private String assignInTime() throws Exception {
        String[] answer = {"endless"};
        Thread thread = new Thread(() -> answer[0] = assign());
        thread.setDaemon(true);
        thread.start();
        thread.join(PATIENCE_MS);
        return answer[0];
    }

    private static List<String> split(String words, String separator) {
        return words.equals("-") ? List.of() : List.of(words.split(separator));
    }

    private void addTopic(String[] words) {
        List<List<String>> racks = new ArrayList<>();
        for (int i = 3; i < words.length; ++i) racks.add(split(words[i], "\\+"));
        topics.put(words[1], new Topic(words[1], Uuid.fromString(words[2]), racks));
    }

    private void addMember(String[] words) {
        ByteBuffer userData = words[6].equals("-") ? null : ByteBuffer.wrap(HexFormat.of().parseHex(words[6]));
        List<TopicPartition> owned = new ArrayList<>();
        for (String each : split(words[7], ",")) {
            int colon = each.indexOf(':');
            owned.add(new TopicPartition(each.substring(0, colon), Integer.parseInt(each.substring(colon + 1))));
        }
        members.add(new Member(words[1], words[2], words[3], Integer.parseInt(words[4]), split(words[5], ","), userData,
            owned));
    }

    private String assign() {
        try {
            return switch (assignor) {
                case "range" -> assignByLeader(new RangeAssignor());
                case "roundrobin" -> assignByLeader(new RoundRobinAssignor());
                case "sticky" -> assignByLeader(new StickyAssignor());
                case "cooperative-sticky" -> assignByLeader(new CooperativeStickyAssignor());
                case "server-range" ->
                    assignByCoordinator(new org.apache.kafka.coordinator.group.assignor.RangeAssignor());
                default -> assignByCoordinator(new UniformAssignor());
            };
        } catch (RuntimeException e) {
            return "failed " + e;
        }
    }

    private static Optional<String> optional(String word) {
        return word.equals("-") ? Optional.empty() : Optional.of(word);
    }

    private String assignByLeader(ConsumerPartitionAssignor of) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        for (Member member : members) {
            Subscription subscription = new Subscription(member.topics, member.userData, member.owned, member.generation,
                optional(member.rack));
            subscription.setGroupInstanceId(optional(member.instance));
            subscriptions.put(member.id, subscription);
        }
        Map<String, List<TopicPartition>> told = new TreeMap<>();
        of.assign(cluster(), new GroupSubscription(subscriptions)).groupAssignment()
            .forEach((member, assignment) -> told.put(member, assignment.partitions()));
        return tell(told);
    }

    private Cluster cluster() {
        Map<String, Node> nodes = new LinkedHashMap<>();
        List<PartitionInfo> partitions = new ArrayList<>();
        for (Topic topic : topics.values())
            for (int i = 0; i < topic.racks.size(); ++i) {
                Node[] replicas = topic.racks.get(i).stream()
                    .map(rack -> nodes.computeIfAbsent(rack, r -> new Node(nodes.size() + 1, "host", 9092, r)))
                    .toArray(Node[]::new);
                partitions.add(new PartitionInfo(topic.name, i, Node.noNode(), replicas, replicas));
            }
        return new Cluster("cluster", nodes.values(), partitions, Set.of(), Set.of());
    }

    private String assignByCoordinator(ConsumerGroupPartitionAssignor of) {
        Map<String, MemberSubscriptionAndAssignmentImpl> specs = new HashMap<>();
        Map<Uuid, Map<Integer, String>> inverted = new HashMap<>();
        Set<Set<String>> subscriptions = new HashSet<>();
        // Within a bucket a HashMap keeps the order of insertion, which is chance in a coordinator.
        members.sort(Comparator.comparing(Member::id));
        for (Member member : members) {
            Set<String> existing = new TreeSet<>(member.topics);
            existing.retainAll(topics.keySet());
            subscriptions.add(existing);
            Set<Uuid> ids = existing.stream().map(name -> topics.get(name).id).sorted(BY_BYTES)
                .collect(Collectors.toCollection(LinkedHashSet::new));
            Map<Uuid, List<Integer>> owned = new TreeMap<>(BY_BYTES);
            for (TopicPartition each : member.owned) {
                Uuid id = topics.get(each.topic()).id;
                owned.computeIfAbsent(id, i -> new ArrayList<>()).add(each.partition());
                inverted.computeIfAbsent(id, i -> new HashMap<>()).put(each.partition(), member.id);
            }
            Map<Uuid, Set<Integer>> assigned = new HashMap<>();
            owned.forEach((id, partitions) -> assigned.put(id, new HashSet<>(partitions)));
            specs.put(member.id, new MemberSubscriptionAndAssignmentImpl(optional(member.rack), optional(member.instance),
                ids, new Assignment(Collections.unmodifiableMap(assigned))));
        }
        Map<Uuid, Topic> byId = topics.values().stream().collect(Collectors.toMap(Topic::id, topic -> topic));
        SubscriptionType type =
            subscriptions.size() == 1 ? SubscriptionType.HOMOGENEOUS : SubscriptionType.HETEROGENEOUS;
        Map<String, List<TopicPartition>> told = new TreeMap<>();
        for (Member member : members) told.put(member.id, new ArrayList<>());
        of.assign(new GroupSpecImpl(specs, type, inverted), new SubscribedTopicDescriber() {
            @Override
            public int numPartitions(Uuid topicId) {
                return byId.containsKey(topicId) ? byId.get(topicId).racks.size() : -1;
            }

            @Override
            public Set<String> racksForPartition(Uuid topicId, int partition) {
                return Set.copyOf(byId.get(topicId).racks.get(partition));
            }
        }).members().forEach((member, assignment) -> assignment.partitions().forEach((id, partitions) ->
            partitions.forEach(p -> told.get(member).add(new TopicPartition(byId.get(id).name, p)))));
        return tell(told);
    }

    private static String tell(Map<String, List<TopicPartition>> assignment) {
        return assignment.entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue().stream()
                .sorted((a, b) -> a.topic().equals(b.topic()) ? Integer.compare(a.partition(), b.partition())
                    : a.topic().compareTo(b.topic()))
                .map(p -> p.topic() + ":" + p.partition()).collect(Collectors.joining(",")))
            .collect(Collectors.joining(" "));
    }
}
