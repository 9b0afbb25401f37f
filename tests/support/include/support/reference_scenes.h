#pragma once

#include "lab/snapshot.h"

namespace streamscope::support {

// The reference scenes: three brokers, `orders` with three partitions, two producers, two consumers.

lab::SnapshotPtr idleCluster();
lab::SnapshotPtr busyCluster();
lab::SnapshotPtr afterLeaderDeath();
lab::SnapshotPtr afterRecovery();
/// For size and speed: `lanes` partitions with a replica on each of three brokers of `brokers`.
lab::SnapshotPtr largeCluster(int brokers, int lanesOnEach, int64_t logEndOffset = 5'000);

}  // namespace streamscope::support
