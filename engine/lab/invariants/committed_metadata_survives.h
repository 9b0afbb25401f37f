#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "invariant.h"
#include "replica_reader.h"
#include "untrusted_disks.h"
#include "world/address.h"

namespace streamscope::lab {

/// What the controllers have committed to the metadata log stays there: no controller that had a committed batch cuts
/// it away, none has another one in its place, and at the end the active one has all of it. Also after every loss of
/// power, because controllers sync before they count. Nothing is asked of controllers whose disk cannot be trusted.
class CommittedMetadataSurvives final : public Invariant {
 public:
  explicit CommittedMetadataSurvives(const ReplicaReader& replicas) : m_replicas(replicas) {}

  std::string_view promise() const override { return "Committed metadata survives."; }

  struct Batch {
    int32_t epoch = 0;
    uint32_t crc = 0;
    bool operator==(const Batch&) const = default;
  };
  /// The controller takes this batch for committed.
  void onCommitted(world::Address controller, base::Offset baseOffset, base::Offset nextOffset, const Batch& batch);
  /// What the active controller has committed at the end.
  void compareEnd(world::Address active, base::Offset highWatermark);

 private:
  void onEvent(const world::TraceEvent& event) override;
  void check() override;
  void look();

  const ReplicaReader& m_replicas;
  UntrustedDisks m_untrusted;
  /// The last ones, by base offset.
  std::map<base::Offset, Batch> m_batches;
  base::Offset m_end = 0;
  /// Up to where each is known to have what is committed.
  std::map<world::Address, base::Offset> m_ends;
};

}  // namespace streamscope::lab
