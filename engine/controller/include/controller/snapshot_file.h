#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "protocol/control_records.h"
#include "protocol/metadata_records.h"

namespace streamscope::controller {

/// The first file of a node's directory, made when it is formatted: a snapshot of the records a cluster begins with.
inline constexpr std::string_view kBootstrapFile = "bootstrap.checkpoint";

/// A snapshot of the metadata log: it stands for every record below `endOffset`, the last of which is of `epoch`.
/// Kafka: OffsetAndEpoch.
struct SnapshotId {
  base::Offset endOffset = 0;
  base::LeaderEpoch epoch = 0;

  auto operator<=>(const SnapshotId&) const = default;
};

/// What a file named like a snapshot is.
enum class SnapshotFileState : uint8_t {
  /// `NNN-EEE.checkpoint`.
  Complete,
  /// `NNN-EEE-....checkpoint.part`: was being written or fetched.
  Partial,
  /// `NNN-EEE.checkpoint.deleted`: waits for its deletion.
  Deleted,
};

struct SnapshotFileName {
  SnapshotId id;
  SnapshotFileState state = SnapshotFileState::Complete;

  bool operator==(const SnapshotFileName&) const = default;
};

/// End offset with 20 digits, epoch with 10.
std::string snapshotFileName(const SnapshotId& id);
/// `unique` tells two attempts apart.
std::string partialSnapshotFileName(const SnapshotId& id, uint64_t unique);
std::string deletedSnapshotFileName(const SnapshotId& id);
/// Nothing for other names, `bootstrap.checkpoint` among them. Kafka: Snapshots.parse.
std::optional<SnapshotFileName> parseSnapshotFileName(std::string_view name);

/// The voters of the metadata quorum as the log says it: with kraft.version 0 they are in the configuration, from 1 on
/// here (KIP-853).
struct QuorumVoters {
  int16_t kraftVersion = 0;
  protocol::VotersRecord voters;

  bool operator==(const QuorumVoters&) const = default;
};

/// Builds the bytes of a snapshot: a control batch with SNAPSHOT_HEADER (and KRAFT_VERSION, KRAFT_VOTERS from
/// kraft.version 1 on), data batches, a control batch with SNAPSHOT_FOOTER; offsets count from 0. Kafka:
/// RecordsSnapshotWriter.
class SnapshotWriter {
 public:
  struct Options {
    base::LeaderEpoch epoch = 0;
    /// Time of the last record the snapshot stands for; 0 for `bootstrap.checkpoint`.
    base::TimestampMs lastContainedLogTimestamp = 0;
    /// Time of the batches.
    base::TimestampMs nowMs = 0;
    QuorumVoters voters = {};
    /// Decides the versions of the records.
    int16_t metadataVersionLevel = 0;
  };

  explicit SnapshotWriter(const Options& options) : m_options(options) {}

  base::Bytes write(const std::vector<protocol::MetadataRecord>& records);

 private:
  void writeHeader();
  void writeRecords(const std::vector<protocol::MetadataRecord>& records);
  void writeFooter();
  void append(const base::Bytes& batch);

  const Options m_options;
  base::Bytes m_bytes;
  base::Offset m_nextOffset = 0;
};

/// What stands around the records of a snapshot.
struct SnapshotContents {
  base::TimestampMs lastContainedLogTimestamp = 0;
  QuorumVoters voters;
};

/// Called for each record of a snapshot: the record, or why this program cannot read it (UNSUPPORTED_VERSION). An error
/// it returns ends the reading.
using SnapshotVisitor = std::function<base::Status(const base::Result<protocol::MetadataRecord>&)>;

/// Reads a whole snapshot and hands out its records in order. CORRUPT_MESSAGE, which names `fileName`, the byte and the
/// reason, when the file is not a snapshot from header to footer; records may have been handed out by then. Never
/// crashes.
base::Result<SnapshotContents> readSnapshot(const base::SharedBytes& bytes, const std::string& fileName,
                                            const SnapshotVisitor& visit);

}  // namespace streamscope::controller
