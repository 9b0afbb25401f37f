#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace streamscope::base {

/// Mistakes that Kafka once made or that its design rules out. Switched on for a lab by name, never otherwise: to show
/// that the simulator finds them, and for lessons that show why the rule is there.
enum class KnownBug : uint8_t {
  /// A new follower cuts its log to its own high watermark instead of asking where its epoch ended (before KIP-101).
  TruncateToHighWatermark,
  /// After two quick leader changes a leader says where the asked epoch would end, but not that it never had that
  /// epoch, and the follower keeps records of another history (before KIP-279).
  DivergeOnFastLeaderChange,
  /// A leader takes a follower out of the ISR before the controller has agreed.
  ShrinkIsrWithoutController,
  /// Neither brokers nor controller look at leader, partition and broker epochs.
  FencingOff,
  /// The controller elects any live replica, whatever unclean.leader.election.enable says.
  UncleanElection,
  /// The checker takes what a leader alone has acknowledged (acks=1) for a promise.
  AcksOneCountsAsPromise,
  /// A leader's high watermark follows the fastest replica instead of the slowest member of the ISR.
  HighWatermarkPastIsr,
  /// A leader gives consumers records above its high watermark.
  ReadPastHighWatermark,
  /// A leader does not compare an idempotent producer's sequence with what it has.
  ForgetProducerSequences,
  /// A controller keeps its vote in memory only: it may give it twice in one epoch (KIP-595, quorum-state).
  VoteNotPersisted,
  /// A controller votes also for a candidate whose metadata log is shorter than its own (Raft, 5.4.1).
  VoteForShorterLog,
  /// The active controller takes metadata for committed as soon as it has written it itself.
  CommitMetadataAlone,
  /// Controllers do not sync the metadata log before they tell others what they have (KIP-595).
  MetadataNotSynced,
};

struct KnownBugName {
  KnownBug bug;
  /// As in a lab file's "bugs" and after `simulate --bug`.
  std::string_view name;
};
inline constexpr std::array kKnownBugNames{
    KnownBugName{KnownBug::TruncateToHighWatermark, "truncate-to-high-watermark"},
    KnownBugName{KnownBug::DivergeOnFastLeaderChange, "diverge-on-fast-leader-change"},
    KnownBugName{KnownBug::ShrinkIsrWithoutController, "shrink-isr-without-controller"},
    KnownBugName{KnownBug::FencingOff, "fencing-off"},
    KnownBugName{KnownBug::UncleanElection, "unclean-election"},
    KnownBugName{KnownBug::AcksOneCountsAsPromise, "acks-one-counts-as-promise"},
    KnownBugName{KnownBug::HighWatermarkPastIsr, "high-watermark-past-isr"},
    KnownBugName{KnownBug::ReadPastHighWatermark, "read-past-high-watermark"},
    KnownBugName{KnownBug::ForgetProducerSequences, "forget-producer-sequences"},
    KnownBugName{KnownBug::VoteNotPersisted, "vote-not-persisted"},
    KnownBugName{KnownBug::VoteForShorterLog, "vote-for-shorter-log"},
    KnownBugName{KnownBug::CommitMetadataAlone, "commit-metadata-alone"},
    KnownBugName{KnownBug::MetadataNotSynced, "metadata-not-synced"},
};

constexpr std::string_view knownBugName(KnownBug bug) {
  for (const KnownBugName& each : kKnownBugNames)
    if (each.bug == bug) return each.name;
  return "";
}
constexpr std::optional<KnownBug> knownBugNamed(std::string_view name) {
  for (const KnownBugName& each : kKnownBugNames)
    if (each.name == name) return each.bug;
  return std::nullopt;
}

/// The bugs that are on; a node gets them with its configuration.
class KnownBugs {
 public:
  constexpr KnownBugs() = default;
  constexpr KnownBugs(std::initializer_list<KnownBug> bugs) {
    for (const KnownBug bug : bugs) switchOn(bug);
  }

  constexpr bool has(KnownBug bug) const { return (m_bits & bitOf(bug)) != 0; }
  constexpr void switchOn(KnownBug bug) { m_bits |= bitOf(bug); }
  constexpr bool none() const { return m_bits == 0; }

  bool operator==(const KnownBugs&) const = default;

 private:
  static constexpr uint32_t bitOf(KnownBug bug) { return uint32_t{1} << static_cast<uint32_t>(bug); }

  uint32_t m_bits = 0;
};

}  // namespace streamscope::base
