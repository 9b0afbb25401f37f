#include "partition_metadata_file.h"

#include <string>
#include <string_view>

namespace streamscope::log {
namespace {

constexpr std::string_view kVersionLine = "version: 0";
constexpr std::string_view kTopicIdKey = "topic_id: ";

}  // namespace

Parsed<base::Uuid> parsePartitionMetadata(base::ByteView bytes) {
  std::string_view text = base::asText(bytes);
  const size_t firstEnd = text.find('\n');
  const std::string_view first = text.substr(0, firstEnd);
  if (first != kVersionLine) {
    if (firstEnd == std::string_view::npos && kVersionLine.starts_with(first))
      return torn(text.size(), "the topic id is missing");
    return damaged(0, "the first line is not 'version: 0'");
  }
  if (firstEnd == std::string_view::npos) return torn(text.size(), "the topic id is missing");
  const std::string_view rest = text.substr(firstEnd + 1);
  const std::string_view second = rest.substr(0, rest.find('\n'));
  const auto problemAt = static_cast<uint64_t>(firstEnd + 1);
  if (!second.starts_with(kTopicIdKey)) {
    if (kTopicIdKey.starts_with(second)) return torn(text.size(), "the topic id is missing");
    return damaged(problemAt, "the second line is not 'topic_id: ...'");
  }
  const auto topicId = base::Uuid::parse(second.substr(kTopicIdKey.size()));
  if (!topicId || topicId->isZero()) return damaged(problemAt + kTopicIdKey.size(), "the topic id is not an id");
  return *topicId;
}

base::Bytes formatPartitionMetadata(const base::Uuid& topicId) {
  const std::string text = std::string(kVersionLine) + "\n" + std::string(kTopicIdKey) + topicId.toString();
  const base::ByteView view = base::asBytes(text);
  return base::Bytes(view.begin(), view.end());
}

}  // namespace streamscope::log
