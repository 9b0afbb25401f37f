#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/virtual_time.h"
#include "lab/lab.h"

namespace streamscope::lab {

/// A promise that the cluster did not keep, and when.
struct Breach {
  /// "Acknowledged records survive."
  std::string promise;
  /// "orders-1 at offset 12 (3 records) was acknowledged and ..."
  std::string how;
  base::VirtualTime at{};

  std::string toString() const { return promise + ' ' + how; }
  bool operator==(const Breach&) const = default;
};

/// Watches every promise beside a running lab. Create it before virtual time passes; the lab must outlive it. A promise
/// is only claimed where the configuration makes it: not of an acknowledgement by the leader alone (acks=1), and of
/// topics with unclean elections only that each epoch has one leader.
class InvariantChecker {
 public:
  enum class Claims : uint8_t {
    AsConfigured,
    /// Whatever was acknowledged is taken for promised, whatever the configuration: what a person may believe.
    EveryAcknowledgement,
  };
  explicit InvariantChecker(Lab& lab, Claims claims = Claims::AsConfigured);
  ~InvariantChecker();
  InvariantChecker(const InvariantChecker&) = delete;
  InvariantChecker& operator=(const InvariantChecker&) = delete;

  /// Looks at the logs; when the cluster is healed and quiet.
  void checkNow();
  bool isAnyBroken() const;
  std::vector<Breach> breaches() const;
  /// Each as one sentence, empty while all promises hold.
  std::vector<std::string> violations() const;
  /// All promises that are watched, as sentences.
  std::vector<std::string> promises() const;
  /// How much there was to lose; a run that promised nothing shows nothing.
  int64_t batchesAcknowledged() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::lab
