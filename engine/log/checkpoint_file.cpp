#include "checkpoint_file.h"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace streamscope::log {
namespace {

constexpr int kVersion = 0;

template <class Number>
std::optional<Number> parseNumber(std::string_view text) {
  Number number = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || at != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The lines of a checkpoint with their positions.
class Lines {
 public:
  explicit Lines(base::ByteView bytes) : m_text(base::asText(bytes)) {}

  bool atEnd() const { return m_position >= m_text.size(); }
  uint64_t position() const { return m_position; }
  uint64_t lineStart() const { return m_lineStart; }

  std::optional<std::string_view> next() {
    if (atEnd()) return std::nullopt;
    m_lineStart = m_position;
    const size_t end = m_text.find('\n', m_position);
    std::string_view line = m_text.substr(m_position, end == std::string_view::npos ? end : end - m_position);
    m_position = end == std::string_view::npos ? m_text.size() : end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

 private:
  std::string_view m_text;
  size_t m_position = 0;
  size_t m_lineStart = 0;
};

/// Words between single spaces.
std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> result;
  while (true) {
    const size_t space = line.find(' ');
    result.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return result;
    line.remove_prefix(space + 1);
  }
}

/// Reads the two head lines and gives every entry line to `add`, which says what is wrong with it, or nothing.
template <class Add>
Parsed<void> parseLines(base::ByteView bytes, Add add) {
  Lines lines(bytes);
  const auto version = lines.next();
  if (!version) return {};
  const auto versionNumber = parseNumber<int>(*version);
  if (!versionNumber) return damaged(0, "the first line is not a version number");
  if (*versionNumber != kVersion)
    return damaged(0, "version " + std::to_string(*versionNumber) + " is not known, only 0 is");
  const auto countLine = lines.next();
  if (!countLine) return torn(lines.position(), "the number of entries is missing");
  const auto count = parseNumber<int32_t>(*countLine);
  if (!count || *count < 0) return damaged(lines.lineStart(), "the second line is not a number of entries");
  for (int32_t i = 0; i < *count; ++i) {
    const auto line = lines.next();
    if (!line)
      return torn(lines.position(), "there are " + std::to_string(i) + " of " + std::to_string(*count) + " entries");
    if (const std::string problem = add(words(*line)); !problem.empty()) return damaged(lines.lineStart(), problem);
  }
  if (!lines.atEnd())
    return damaged(lines.position(), "there are more than the " + std::to_string(*count) + " entries announced");
  return {};
}

template <class Entries, class Format>
base::Bytes formatLines(const Entries& entries, Format format) {
  std::string text = std::to_string(kVersion) + "\n" + std::to_string(entries.size()) + "\n";
  for (const auto& entry : entries) {
    text += format(entry);
    text += '\n';
  }
  const base::ByteView view = base::asBytes(text);
  return base::Bytes(view.begin(), view.end());
}

}  // namespace

Parsed<CheckpointedOffsets> parseOffsetCheckpoint(base::ByteView bytes) {
  CheckpointedOffsets offsets;
  const auto parsed = parseLines(bytes, [&](const std::vector<std::string_view>& fields) -> std::string {
    if (fields.size() != 3 || fields[0].empty()) return "the line is not '<topic> <partition> <offset>'";
    const auto partition = parseNumber<base::PartitionId>(fields[1]);
    const auto offset = parseNumber<base::Offset>(fields[2]);
    if (!partition || *partition < 0) return "'" + std::string(fields[1]) + "' is not a partition number";
    if (!offset || *offset < 0) return "'" + std::string(fields[2]) + "' is not an offset";
    offsets[{std::string(fields[0]), *partition}] = *offset;
    return {};
  });
  if (!parsed) return tl::unexpected(parsed.error());
  return offsets;
}

base::Bytes formatOffsetCheckpoint(const CheckpointedOffsets& offsets) {
  return formatLines(offsets, [](const auto& entry) {
    return entry.first.topic + " " + std::to_string(entry.first.partition) + " " + std::to_string(entry.second);
  });
}

Parsed<std::vector<PartitionLog::EpochEntry>> parseEpochCheckpoint(base::ByteView bytes) {
  std::vector<PartitionLog::EpochEntry> entries;
  const auto parsed = parseLines(bytes, [&](const std::vector<std::string_view>& fields) -> std::string {
    if (fields.size() != 2) return "the line is not '<epoch> <start offset>'";
    const auto epoch = parseNumber<base::LeaderEpoch>(fields[0]);
    const auto offset = parseNumber<base::Offset>(fields[1]);
    if (!epoch || *epoch < 0) return "'" + std::string(fields[0]) + "' is not a leader epoch";
    if (!offset || *offset < 0) return "'" + std::string(fields[1]) + "' is not an offset";
    if (!entries.empty() && (*epoch <= entries.back().epoch || *offset < entries.back().startOffset))
      return "epochs and offsets must ascend";
    entries.push_back({*epoch, *offset});
    return {};
  });
  if (!parsed) return tl::unexpected(parsed.error());
  return entries;
}

base::Bytes formatEpochCheckpoint(const std::vector<PartitionLog::EpochEntry>& entries) {
  return formatLines(entries, [](const PartitionLog::EpochEntry& entry) {
    return std::to_string(entry.epoch) + " " + std::to_string(entry.startOffset);
  });
}

}  // namespace streamscope::log
