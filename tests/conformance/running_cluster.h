#pragma once

#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <functional>
#include <memory>
#include <optional>

#include "gateway/live_host.h"

namespace streamscope::conformance {

/// A cluster with listeners on free ports, as `serve` runs it, that a test can also command and look into.
class RunningCluster {
 public:
  static lab::LabDescription describe(int32_t brokers, std::vector<lab::CreateTopic> topics);

  /// Empty data directory: the host's own.
  explicit RunningCluster(const lab::LabDescription& description, const QString& dataDirectory = {});

  /// Empty, or why it did not start.
  const QString& problem() const { return m_problem; }
  QString bootstrapServers() const;
  uint16_t port(base::BrokerId broker) const;
  gateway::LiveHost& host() { return *m_host; }

  /// Carries a command out and waits for its outcome; false with a warning when it was refused.
  bool execute(const lab::Command& command);
  /// Looks at each new picture until one fits; false with a warning after a minute.
  bool waitUntil(const char* what, const std::function<bool(const lab::Snapshot&)>& fits);
  /// The partition's leader as the controller sees it now, -1 for none.
  base::BrokerId leaderOf(const base::TopicPartition& partition) const;
  void stopCleanly() { m_host->stopCleanly(); }

 private:
  std::unique_ptr<gateway::LiveHost> m_host;
  QString m_problem;
};

/// In a picture: null when it is not there.
const lab::PartitionState* findPartition(const lab::Snapshot& snapshot, const base::TopicPartition& partition);
/// The end of the leader's log; 0 without a leader.
base::Offset logEndOffset(const lab::Snapshot& snapshot, const base::TopicPartition& partition);
/// Every partition of the topic has a leader and `count` replicas in sync.
bool isInSync(const lab::Snapshot& snapshot, const std::string& topic, size_t count);

}  // namespace streamscope::conformance
