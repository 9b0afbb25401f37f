#include "cluster.h"

#include "log/record_batch.h"
#include "storage/memory_storage.h"

namespace streamscope::broker {
namespace {

constexpr const char* kClusterId = "story-cluster";
const world::Address kClient = world::clientAddress(1);

}  // namespace

size_t ScriptedClient::send(base::BrokerId broker, int16_t version, protocol::RequestBody body, bool expectResponse) {
  const size_t number = m_responses.size();
  m_responses.emplace_back();
  m_context.network.send(
      world::brokerAddress(broker), version, std::move(body), std::chrono::seconds(60),
      [this, number](world::Response response) { m_responses[number] = std::move(response); }, expectResponse);
  return number;
}

Cluster::Cluster(Options options) : m_world({.seed = options.seed}) {
  m_world.subscribe([this](const world::TraceEvent& event) {
    m_hash.add(event);
    m_events.push_back(event);
  });
  controller::ControllerConfig controllerConfig;
  controllerConfig.nodeId = kController;
  controllerConfig.clusterId = kClusterId;
  m_world.addNode(
      world::controllerAddress(kController),
      [controllerConfig](world::NodeContext& context) {
        return std::make_unique<controller::ControllerNode>(context, controllerConfig);
      },
      std::make_unique<storage::MemoryStorage>());
  for (base::BrokerId id = 1; id <= kBrokers; ++id) {
    BrokerConfig config;
    config.nodeId = id;
    config.clusterId = kClusterId;
    config.quorumVoters = {kController};
    config.advertisedPort = static_cast<uint16_t>(9091 + id);
    if (options.configure) options.configure(config);
    Disk& disk = m_disks[id];
    disk.memory = std::make_unique<test::CrashableMemory>();
    auto faulty = std::make_unique<storage::FaultyStorage>(*disk.memory);
    disk.faulty = faulty.get();
    m_world.addNode(
        world::brokerAddress(id),
        [config, coordinators = options.coordinators](world::NodeContext& context) {
          return std::make_unique<BrokerNode>(context, config, coordinators);
        },
        std::move(faulty));
  }
  m_world.addNode(
      kClient, [](world::NodeContext& context) { return std::make_unique<ScriptedClient>(context); }, nullptr);
}

BrokerNode& Cluster::broker(base::BrokerId id) {
  return dynamic_cast<BrokerNode&>(*m_world.node(world::brokerAddress(id)));
}

const controller::MetadataImage& Cluster::image() {
  return dynamic_cast<controller::ControllerNode&>(*m_world.node(world::controllerAddress(kController))).image();
}

ScriptedClient& Cluster::client() {
  return dynamic_cast<ScriptedClient&>(*m_world.node(kClient));
}

bool Cluster::runUntil(const std::function<bool()>& done, base::Duration limit) {
  const base::VirtualTime end = m_world.now() + limit;
  while (!done()) {
    if (m_world.nextEventTime() > end) return false;
    m_world.step();
  }
  return true;
}

void Cluster::cut(world::Address a, world::Address b) {
  m_world.cutLink(a, b);
  m_world.cutLink(b, a);
}

void Cluster::heal(world::Address a, world::Address b) {
  m_world.healLink(a, b);
  m_world.healLink(b, a);
}

bool Cluster::allUnfenced() {
  for (base::BrokerId id = 1; id <= kBrokers; ++id) {
    const auto* registration = image().findBroker(id);
    if (registration == nullptr || registration->fenced) return false;
    if (m_world.nodeState(world::brokerAddress(id)) != world::World::NodeState::Running) return false;
    if (broker(id).lifecycle() != BrokerLifecycle::Running) return false;
  }
  return true;
}

bool Cluster::boot() {
  m_world.startNode(world::controllerAddress(kController));
  for (base::BrokerId id = 1; id <= kBrokers; ++id) m_world.startNode(world::brokerAddress(id));
  m_world.startNode(kClient);
  return runUntil([this] { return allUnfenced(); });
}

bool Cluster::createTopic(const std::string& topic, int32_t partitions, int16_t replicationFactor,
                          const std::map<std::string, std::string>& configs) {
  protocol::CreateTopicsRequest request;
  auto& creatable = request.topics.emplace_back();
  creatable.name = topic;
  creatable.numPartitions = partitions;
  creatable.replicationFactor = replicationFactor;
  for (const auto& [name, value] : configs) {
    auto& config = creatable.configs.emplace_back();
    config.name = name;
    config.value = value;
  }
  const auto created = call<protocol::CreateTopicsResponse>(1, std::move(request));
  if (!created || created->topics.front().errorCode != 0) return false;
  return runUntil([&] {
    for (base::BrokerId id = 1; id <= kBrokers; ++id)
      if (broker(id).image().findTopic(topic) == nullptr) return false;
    return true;
  });
}

controller::PartitionRegistration Cluster::partition(const std::string& topic) {
  const auto* registration = image().findPartition(topic, 0);
  return registration == nullptr ? controller::PartitionRegistration{} : *registration;
}

std::vector<base::BrokerId> Cluster::followersOf(const std::string& topic) {
  std::vector<base::BrokerId> followers = partition(topic).replicas;
  std::erase(followers, leaderOf(topic));
  return followers;
}

std::optional<ReplicaView> Cluster::replica(base::BrokerId id, const std::string& topic) {
  if (m_world.node(world::brokerAddress(id)) == nullptr) return std::nullopt;
  for (ReplicaView& view : broker(id).replicas())
    if (view.partition == base::TopicPartition{topic, 0}) return std::move(view);
  return std::nullopt;
}

std::vector<std::string> Cluster::values(base::BrokerId id, const std::string& topic) {
  std::vector<std::string> all;
  const log::PartitionLog* log = broker(id).findLog({topic, 0});
  if (log == nullptr) return all;
  base::Offset next = log->logStartOffset();
  while (next < log->logEndOffset()) {
    const auto read = log->read(next, log->logEndOffset(), 1 << 20, true);
    if (!read || read->records.empty()) return all;
    base::ByteView batches = read->records.view();
    while (!batches.empty()) {
      const log::BatchScan scan = log::scanBatch(batches, true);
      if (scan.end != log::BatchEnd::Complete) return all;
      const auto visited = log::forEachRecord(batches.first(scan.header.sizeInBytes), [&](const auto& record) {
        all.emplace_back(base::asText(record.value.value_or(base::ByteView{})));
        return true;
      });
      if (!visited) return all;
      next = scan.header.nextOffset();
      batches = batches.subspan(scan.header.sizeInBytes);
    }
  }
  return all;
}

protocol::ProduceRequest Cluster::produceRequest(const std::string& topic, const Batch& batch) {
  log::RecordBatchBuilder builder(
      {.producerId = batch.producerId, .producerEpoch = batch.producerEpoch, .baseSequence = batch.sequence});
  builder.append(m_world.wallClockMs(), batch.key ? std::optional(base::asBytes(*batch.key)) : std::nullopt,
                 base::asBytes(batch.value));
  base::Bytes bytes = builder.build();
  if (batch.damageCrc) bytes.back() ^= 1U;
  protocol::ProduceRequest request;
  request.acks = batch.acks;
  request.timeoutMs = batch.timeoutMs;
  auto& data = request.topicData.emplace_back();
  data.name = topic;
  if (const auto* known = image().findTopic(topic)) data.topicId = known->id;
  auto& partition = data.partitionData.emplace_back();
  partition.records = base::SharedBytes(std::move(bytes));
  return request;
}

std::optional<Cluster::ProduceAnswer> Cluster::produce(base::BrokerId id, const std::string& topic,
                                                       const Batch& batch) {
  const auto response = call<protocol::ProduceResponse>(id, produceRequest(topic, batch));
  if (!response) return std::nullopt;
  return response->responses.front().partitionResponses.front();
}

base::ErrorCode Cluster::produceError(base::BrokerId id, const std::string& topic, const Batch& batch) {
  const auto answer = produce(id, topic, batch);
  return answer ? static_cast<base::ErrorCode>(answer->errorCode) : base::ErrorCode::NETWORK_EXCEPTION;
}

}  // namespace streamscope::broker
