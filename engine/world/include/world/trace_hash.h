#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "world/trace.h"

namespace streamscope::world {

/// An event as the hash sees it: id, cause, time, the kind's position among the kinds, then its fields as they stand in
/// world/trace_fields.h. Integers in 8 bytes, big-endian; texts and lists with their count before them. Appended to
/// `bytes`.
void appendCanonicalBytes(const TraceEvent& event, base::Bytes& bytes);

/// SHA-256 of a whole trace, event by event. Two runs told the same story exactly when their hashes are equal.
class TraceHash {
 public:
  TraceHash();
  ~TraceHash();
  TraceHash(const TraceHash&) = delete;
  TraceHash& operator=(const TraceHash&) = delete;

  void add(const TraceEvent& event);
  /// Of everything added so far, 64 hexadecimal digits; more may be added afterwards.
  std::string hex() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::world
