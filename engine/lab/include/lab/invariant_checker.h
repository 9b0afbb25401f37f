#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lab/lab.h"

namespace streamscope::lab {

/// Watches every promise beside a running lab. Create it before virtual time passes; the lab must outlive it.
class InvariantChecker {
 public:
  explicit InvariantChecker(Lab& lab);
  ~InvariantChecker();
  InvariantChecker(const InvariantChecker&) = delete;
  InvariantChecker& operator=(const InvariantChecker&) = delete;

  /// Looks at the logs; when the cluster is healed and quiet.
  void checkNow();
  /// "Acknowledged records survive.: orders-1 at offset 12 ...", empty while all promises hold.
  std::vector<std::string> violations() const;
  /// How much there was to lose; a run that acknowledged nothing shows nothing.
  int64_t batchesAcknowledged() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::lab
