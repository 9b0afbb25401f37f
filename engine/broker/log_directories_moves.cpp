#include "log_directories.h"
#include "replica_assignments.h"

// Replicas on their way between directories. Source: KIP-113, KIP-858.

namespace streamscope::broker {

base::Result<log::PartitionLog*> LogDirectories::promoteFuture(const base::TopicPartition& partition, size_t to,
                                                               base::Offset highWatermark) {
  const auto from = placeOf(partition);
  const auto cleanerOffset = from ? at(*from).cleanerOffset(partition) : std::nullopt;
  auto promoted = at(to).promoteFuture(partition, highWatermark, m_context.clock.wallClockMs());
  if (!promoted || !cleanerOffset) return promoted;
  if (auto written = at(to).writeCleanerOffset(partition, *cleanerOffset); !written)
    return base::fail(std::move(written).error());
  return promoted;
}

base::Status LogDirectories::finishMoves(const controller::MetadataImage& image) {
  base::Status status;
  forEachOnline([&](size_t place) {
    for (const base::TopicPartition& partition : at(place).futurePartitions()) {
      const ReplicaAssignments assignments(m_config, image, idOf(place));
      const bool isHere = assignments.isInThisDirectory(partition, at(place).findFuture(partition)->topicId());
      if (isHere && status) status = finishMove(partition, place);
    }
    for (const base::TopicPartition& partition : at(place).partitions())
      if (const size_t first = *placeOf(partition); first != place && status)
        status = keepOneOf(partition, first, place, image);
  });
  return status;
}

/// The controller has written down that the copy is the replica, and the process ended before it was. Kafka:
/// LogManager.recoverAbandonedFutureLogs, which does this whatever the copy lacks; here it has to be complete, or the
/// broker goes on copying.
base::Status LogDirectories::finishMove(const base::TopicPartition& partition, size_t to) {
  const log::PartitionLog& copy = *at(to).findFuture(partition);
  const auto from = placeOf(partition);
  base::Offset highWatermark = copy.logEndOffset();
  if (from) {
    const log::PartitionLog& replica = *at(*from).find(partition);
    if (replica.latestEpoch() != copy.latestEpoch() || replica.logEndOffset() != copy.logEndOffset()) return {};
    highWatermark = at(*from).checkpointedHighWatermark(partition);
  } else {
    highWatermark = at(to).checkpointedHighWatermark(partition);
  }
  if (const auto promoted = promoteFuture(partition, to, highWatermark); !promoted) return base::fail(promoted.error());
  return from ? at(*from).remove(partition, m_context.clock.wallClockMs()) : base::Status{};
}

/// The process ended after the copy had become the replica and before the old one went. Kafka refuses to start.
base::Status LogDirectories::keepOneOf(const base::TopicPartition& partition, size_t first, size_t second,
                                       const controller::MetadataImage& image) {
  const ReplicaAssignments assignments(m_config, image, idOf(second));
  const bool isInSecond = assignments.isInThisDirectory(partition, at(second).find(partition)->topicId());
  return at(isInSecond ? first : second).remove(partition, m_context.clock.wallClockMs());
}

}  // namespace streamscope::broker
