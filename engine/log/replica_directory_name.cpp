#include "replica_directory_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/bytes.h"

namespace streamscope::log {
namespace {

constexpr size_t kNameLengthMax = 255;
constexpr size_t kUniqueIdDigits = 32;

constexpr std::array<std::pair<std::string_view, ReplicaDirectoryKind>, 3> kSuffixes = {{
    {"-delete", ReplicaDirectoryKind::Delete},
    {"-future", ReplicaDirectoryKind::Future},
    {"-stray", ReplicaDirectoryKind::Stray},
}};

std::string retiredDirectoryName(const base::TopicPartition& partition, const base::Uuid& uniqueId,
                                 const char* suffix) {
  const std::string tail = "-" + std::to_string(partition.partition) + "." + base::toHex(uniqueId.toBytes()) + suffix;
  return partition.topic.substr(0, std::min(partition.topic.size(), kNameLengthMax - tail.size())) + tail;
}

}  // namespace

std::optional<ReplicaDirectoryName> parseReplicaDirectoryName(std::string_view name) {
  ReplicaDirectoryName result;
  for (const auto& [suffix, kind] : kSuffixes) {
    if (!name.ends_with(suffix)) continue;
    const size_t dot = name.rfind('.');
    // "orders-delete" alone would be a topic without a partition.
    if (dot == std::string_view::npos || name.size() - dot - 1 != kUniqueIdDigits + suffix.size()) continue;
    result.kind = kind;
    name = name.substr(0, dot);
    break;
  }
  const size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return std::nullopt;
  const std::string_view digits = name.substr(dash + 1);
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, result.partition.partition);
  if (error != std::errc() || at != end || result.partition.partition < 0) return std::nullopt;
  result.partition.topic = std::string(name.substr(0, dash));
  return result;
}

std::string deleteDirectoryName(const base::TopicPartition& partition, const base::Uuid& uniqueId) {
  return retiredDirectoryName(partition, uniqueId, "-delete");
}

std::string strayDirectoryName(const base::TopicPartition& partition, const base::Uuid& uniqueId) {
  return retiredDirectoryName(partition, uniqueId, "-stray");
}

base::Result<std::string> futureDirectoryName(const base::TopicPartition& partition, const base::Uuid& uniqueId) {
  std::string name = retiredDirectoryName(partition, uniqueId, "-future");
  if (name.starts_with(partition.topic)) return name;
  return base::fail(base::ErrorCode::INVALID_TOPIC_EXCEPTION,
                    "The name of " + partition.toString() +
                        " is too long to move it between log directories; its directory would need more than " +
                        std::to_string(kNameLengthMax) + " characters.");
}

}  // namespace streamscope::log
