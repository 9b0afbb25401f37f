#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error_code.h"
#include "coordinator/group_view.h"
#include "coordinator_record.h"
#include "group/offset_and_metadata.h"

namespace streamscope::coordinator {

enum class GroupType : uint8_t { Classic, Consumer };

/// "Classic", "Consumer", as Kafka's tools write it.
constexpr std::string_view nameOf(GroupType type) {
  return type == GroupType::Classic ? "Classic" : "Consumer";
}

/// Who says so, in a request about offsets.
struct MemberIdentity {
  std::string memberId;
  std::optional<std::string> groupInstanceId;
  /// -1 of whoever is no member.
  int32_t generationOrEpoch = -1;
};

/// What all kinds of groups have in common: they commit offsets, can be listed and deleted (Kafka: Group).
class Group {
 public:
  explicit Group(std::string id) : m_id(std::move(id)) {}
  virtual ~Group() = default;
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  const std::string& id() const { return m_id; }
  virtual GroupType type() const = 0;
  /// "Stable", ...
  virtual std::string_view stateName() const = 0;
  /// "consumer", or whatever its members are; empty while it has only committed offsets.
  virtual std::string protocolType() const = 0;
  /// Nobody is in it.
  virtual bool isEmpty() const = 0;

  // NONE, or why not. `version` is that of the request.

  virtual base::ErrorCode validateOffsetCommit(const MemberIdentity& who, int16_t version) const = 0;
  virtual base::ErrorCode validateOffsetFetch(const std::string& memberId, int32_t memberEpoch) const = 0;
  virtual base::ErrorCode validateOffsetDelete() const = 0;
  virtual base::ErrorCode validateDelete() const = 0;

  virtual bool isSubscribedTo(const std::string& topic) const = 0;
  /// From when on the retention of this offset counts; none while it is kept in any case.
  virtual std::optional<base::TimestampMs> retentionStart(const OffsetAndMetadata& committed) const = 0;
  /// What takes the group out of the log.
  virtual void appendTombstones(std::vector<CoordinatorRecord>& records) const = 0;
  /// Without its offsets.
  virtual GroupView view() const = 0;

 private:
  const std::string m_id;
};

}  // namespace streamscope::coordinator
