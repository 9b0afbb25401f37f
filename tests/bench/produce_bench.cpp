#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>
#include <string>

#include "lab/lab.h"
#include "plain_files.h"
#include "protocol/message_facts.h"

namespace {

using namespace streamscope;
using namespace streamscope::bench;
using namespace std::chrono_literals;

constexpr int kInFlightMax = 5;
/// User data for each topic; then the topic goes, so that the page cache does not grow.
constexpr int64_t kBytesPerTopic = 64 * 1024 * 1024;
constexpr world::Address kProducer{world::NodeKind::Client, 900};

/// Keeps five Produce requests with one prepared batch each in flight, acks=all, as a full accumulator would.
class PreparedProducer : public world::Node {
 public:
  PreparedProducer(world::NodeContext& context, base::SharedBytes batch)
      : m_context(context), m_batch(std::move(batch)) {}

  void start() override {}
  void onRequest(world::IncomingRequest) override {}

  void begin(std::string topic, base::Uuid topicId, base::BrokerId leader, int64_t batches) {
    m_topic = std::move(topic);
    m_topicId = topicId;
    m_leader = leader;
    m_toSend = m_toComplete = batches;
    for (int i = 0; i < kInFlightMax && m_toSend > 0; ++i) sendOne();
  }
  bool isDone() const { return m_toComplete == 0; }

 private:
  void sendOne() {
    --m_toSend;
    protocol::ProduceRequest request;
    request.acks = -1;
    request.timeoutMs = 30'000;
    request.topicData.push_back({m_topic, m_topicId, {{0, m_batch}}});
    m_context.network.send(world::brokerAddress(m_leader), protocol::ProduceRequest::kInfo.versionMax,
                           std::move(request), 30s, [this](world::Response response) { onResponse(response); });
  }

  void onResponse(const world::Response& response) {
    if (response.outcome != world::Response::Outcome::Received ||
        protocol::firstErrorCode(response.body) != static_cast<int16_t>(base::ErrorCode::NONE))
      std::abort();
    --m_toComplete;
    if (m_toSend > 0) sendOne();
  }

  world::NodeContext& m_context;
  base::SharedBytes m_batch;
  std::string m_topic;
  base::Uuid m_topicId;
  base::BrokerId m_leader = 0;
  int64_t m_toSend = 0, m_toComplete = 0;
};

struct BenchCluster {
  TemporaryDirectory directory;
  std::unique_ptr<lab::Lab> lab;
  PreparedProducer* producer = nullptr;
  int topics = 0;

  explicit BenchCluster(const base::SharedBytes& batch) {
    lab::LabDescription description;
    description.linkLatency = description.linkJitter = 0us;
    lab::Lab::Options options;
    options.dataDirectory = directory.path;
    lab = lab::Lab::open(description, options).value();
    lab->world().addNode(
        kProducer,
        [this, batch](world::NodeContext& context) {
          auto node = std::make_unique<PreparedProducer>(context, batch);
          producer = node.get();
          return node;
        },
        nullptr);
    lab->world().startNode(kProducer);
  }

  const lab::TopicState* findTopic(const lab::Snapshot& snapshot, const std::string& name) const {
    for (const lab::TopicState& topic : snapshot.topics)
      if (topic.name == name && topic.partitions[0].leader >= 0 && topic.partitions[0].isr.size() == 3) return &topic;
    return nullptr;
  }

  /// Replaces the topic by an empty one and starts sending to it.
  void beginTopic(int64_t batches) {
    if (topics > 0 && !lab->execute(lab::DeleteTopic{name()})) std::abort();
    ++topics;
    const std::string segmentBytes = std::to_string(kSegmentBytes);
    if (!lab->execute(lab::CreateTopic{name(), 1, 3, {{"segment.bytes", segmentBytes}}})) std::abort();
    for (int i = 0; i < 1000; ++i) {
      lab->runUntil(lab->now() + 100ms);
      const lab::SnapshotPtr snapshot = lab->snapshot();
      if (const lab::TopicState* topic = findTopic(*snapshot, name())) {
        producer->begin(name(), topic->id, topic->partitions[0].leader, batches);
        return;
      }
    }
    std::abort();
  }

  std::string name() const { return "bench-" + std::to_string(topics); }
};

/// Replication factor 3, acks=all, three brokers with real files: client batch in, acknowledgement out. One iteration
/// fills one topic.
void produceThreeReplicas(benchmark::State& state) {
  const base::SharedBytes batch(makeBatch(static_cast<size_t>(state.range(0))));
  const int64_t batches = kBytesPerTopic / static_cast<int64_t>(batch.size());
  BenchCluster cluster(batch);
  for (auto _ : state) {
    state.PauseTiming();
    cluster.beginTopic(batches);
    state.ResumeTiming();
    while (!cluster.producer->isDone())
      if (!cluster.lab->step()) std::abort();
  }
  state.SetBytesProcessed(state.iterations() * batches * static_cast<int64_t>(batch.size()));
}

BENCHMARK(crcAndThreeWrites)->Arg(16 * 1024)->Arg(1024 * 1024)->UseRealTime();
BENCHMARK(produceThreeReplicas)->Arg(16 * 1024)->Arg(1024 * 1024)->UseRealTime();

}  // namespace
