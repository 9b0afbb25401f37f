#include "running_cluster.h"

#include <QElapsedTimer>
#include <QTest>
#include <condition_variable>
#include <mutex>

namespace streamscope::conformance {
namespace {

constexpr int kPatienceMs = 60'000;
constexpr int kBetweenLooksMs = 5;

}  // namespace

lab::LabDescription RunningCluster::describe(int32_t brokers, std::vector<lab::CreateTopic> topics) {
  lab::LabDescription description;
  description.brokers = brokers;
  description.linkLatency = description.linkJitter = base::Duration(0);
  description.topics = std::move(topics);
  return description;
}

RunningCluster::RunningCluster(const lab::LabDescription& description, const QString& dataDirectory) {
  gateway::LiveHost::Options options;
  options.basePort = 0;
  options.dataDirectory = dataDirectory.toStdString();
  auto host = gateway::LiveHost::start(description, options);
  if (!host) {
    m_problem = QString::fromStdString(host.error().message);
    return;
  }
  m_host = std::move(*host);
  if (!m_host->waitUntilReady(std::chrono::milliseconds(kPatienceMs))) m_problem = "the brokers did not come up";
}

QString RunningCluster::bootstrapServers() const {
  return QString::fromStdString(m_host->bootstrapServers());
}

uint16_t RunningCluster::port(base::BrokerId broker) const {
  return bootstrapServers().split(',').at(broker - 1).section(':', 1).toUShort();
}

bool RunningCluster::execute(const lab::Command& command) {
  struct Outcome {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<base::Status> status;
  };
  const auto outcome = std::make_shared<Outcome>();
  m_host->execute(command, [outcome](base::Status status) {
    const std::lock_guard lock(outcome->mutex);
    outcome->status = std::move(status);
    outcome->changed.notify_all();
  });
  std::unique_lock lock(outcome->mutex);
  outcome->changed.wait_for(lock, std::chrono::milliseconds(kPatienceMs), [&] { return outcome->status.has_value(); });
  if (outcome->status && *outcome->status) return true;
  qWarning("a command failed: %s", outcome->status ? outcome->status->error().message.c_str() : "no outcome");
  return false;
}

bool RunningCluster::waitUntil(const char* what, const std::function<bool(const lab::Snapshot&)>& fits) {
  QElapsedTimer timer;
  timer.start();
  while (!fits(*m_host->snapshot())) {
    if (timer.elapsed() > kPatienceMs) {
      qWarning("waited in vain until %s", what);
      return false;
    }
    QTest::qWait(kBetweenLooksMs);
  }
  return true;
}

base::BrokerId RunningCluster::leaderOf(const base::TopicPartition& partition) const {
  const lab::SnapshotPtr snapshot = m_host->snapshot();
  const lab::PartitionState* found = findPartition(*snapshot, partition);
  return found ? found->leader : base::kNoBroker;
}

const lab::PartitionState* findPartition(const lab::Snapshot& snapshot, const base::TopicPartition& partition) {
  for (const lab::TopicState& topic : snapshot.topics) {
    for (const lab::PartitionState& state : topic.partitions) {
      if (state.partition == partition) return &state;
    }
  }
  return nullptr;
}

base::Offset logEndOffset(const lab::Snapshot& snapshot, const base::TopicPartition& partition) {
  const lab::PartitionState* state = findPartition(snapshot, partition);
  if (!state) return 0;
  for (const lab::BrokerState& broker : snapshot.brokers) {
    if (broker.id != state->leader) continue;
    for (const lab::ReplicaState& replica : broker.replicas) {
      if (replica.partition == partition) return replica.logEndOffset;
    }
  }
  return 0;
}

bool isInSync(const lab::Snapshot& snapshot, const std::string& topic, size_t count) {
  for (const lab::TopicState& state : snapshot.topics) {
    if (state.name != topic) continue;
    for (const lab::PartitionState& partition : state.partitions) {
      if (partition.leader == base::kNoBroker || partition.isr.size() != count) return false;
    }
    return !state.partitions.empty();
  }
  return false;
}

}  // namespace streamscope::conformance
