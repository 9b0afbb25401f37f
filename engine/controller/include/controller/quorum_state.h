#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/uuid.h"
#include "storage/storage.h"

namespace streamscope::controller {

/// What a voter of the metadata quorum is at the moment (Kafka: EpochState and its subclasses).
///
///   from         to          when
///   Unattached   Candidate   election timeout; at once for an only voter
///   Candidate    Leader      a majority of the voters granted their vote
///   Candidate    Candidate   the election timed out: next epoch
///   Leader       Resigned    shutdown, or the log directory failed
///   Resigned     Candidate   election timeout; at once for an only voter
///
/// A quorum of several voters adds Follower and Prospective and the ways into and out of them.
enum class QuorumRole : uint8_t { Unattached, Candidate, Leader, Resigned };

/// "Unattached", "Candidate", ...
std::string_view quorumRoleName(QuorumRole role);

/// Whether the table above has this row.
bool isAllowedTransition(QuorumRole from, QuorumRole to);

/// A voter's part in the election of the metadata log's leader: role, epoch, vote. The epoch and the vote are in the
/// `quorum-state` file before anybody can learn of them, so a voter never forgets an epoch it has been in. A transition
/// the table does not have is a bug: assertion. Today a quorum has one voter, this node.
/// Sources: KIP-595; Kafka's QuorumState, ElectionState, FileQuorumStateStore.
class QuorumState {
 public:
  /// Reads `file` when it is there. The epoch is the larger of the file's and `lastLogEpoch`. A node that led when its
  /// process ended starts as Resigned: it must not write in that epoch again.
  /// KAFKA_STORAGE_ERROR when the file is there and cannot be understood.
  /// `kraftVersion` decides the form of the file: with 0 it lists the voters, with 1 a vote names a directory.
  static base::Result<QuorumState> load(storage::Storage& storage, std::filesystem::path file, int32_t localId,
                                        int32_t lastLogEpoch, int16_t kraftVersion = 0,
                                        const base::Uuid& localDirectoryId = base::kZeroUuid);

  QuorumRole role() const { return m_role; }
  int32_t epoch() const { return m_epoch; }
  /// The leader of this epoch, if there is one and it is known.
  std::optional<int32_t> leaderId() const { return m_leaderId; }
  const std::vector<int32_t>& voters() const { return m_voters; }
  bool isOnlyVoter() const { return m_voters.size() == 1; }

  /// Next epoch, with the own vote. KAFKA_STORAGE_ERROR leaves everything as it was.
  base::Status transitionToCandidate();
  /// Needs a majority. KAFKA_STORAGE_ERROR leaves everything as it was.
  base::Status transitionToLeader();
  /// Keeps the epoch; the node leads no more.
  void transitionToResigned();

 private:
  QuorumState(storage::Storage& storage, std::filesystem::path file, int32_t localId, int16_t kraftVersion,
              const base::Uuid& localDirectoryId);

  base::Status read();
  base::Status write(int32_t epoch, std::optional<int32_t> leaderId, std::optional<int32_t> votedId) const;
  void moveTo(QuorumRole role);

  storage::Storage* m_storage;
  std::filesystem::path m_file;
  int32_t m_localId;
  int16_t m_kraftVersion;
  base::Uuid m_localDirectoryId;
  std::vector<int32_t> m_voters;

  // Persistent.
  int32_t m_epoch = 0;
  std::optional<int32_t> m_leaderId;
  std::optional<int32_t> m_votedId;

  // Volatile.
  QuorumRole m_role = QuorumRole::Unattached;
};

}  // namespace streamscope::controller
