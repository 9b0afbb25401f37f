#include "inspect/text_columns.h"

#include <QDateTime>
#include <QTimeZone>
#include <algorithm>
#include <string_view>

#include "base/utf8.h"

namespace streamscope::app {
namespace {

constexpr size_t kShownCharactersMax = 120;

bool isNumber(std::string_view cell) {
  if (cell.starts_with('-')) cell.remove_prefix(1);
  return !cell.empty() && std::all_of(cell.begin(), cell.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Code points, which is what a terminal shows one beside the other.
size_t widthOf(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// Nothing that a terminal would obey.
bool isPrintable(std::string_view text) {
  return base::isUtf8(text) && std::all_of(text.begin(), text.end(), [](char c) {
           const auto code = static_cast<unsigned char>(c);
           return (code >= 0x20 && code != 0x7f) || c == '\n' || c == '\t';
         });
}

std::string onOneLine(std::string_view text) {
  std::string line = "\"";
  for (const char c : text) {
    if (c == '\n')
      line += "\\n";
    else if (c == '\t')
      line += "\\t";
    else
      line += c;
  }
  return line + '"';
}

}  // namespace

std::vector<std::string> TextColumns::lines() const {
  std::vector<size_t> widths;
  for (const auto& row : m_rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], widthOf(row[i]));
  }
  std::vector<std::string> lines;
  for (const auto& row : m_rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - widthOf(row[i]), ' ');
      line += (i == 0 ? "" : "  ") + (isNumber(row[i]) ? padding + row[i] : row[i] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string shownTime(base::TimestampMs timestamp) {
  if (timestamp < 0) return "no time";
  const QDateTime time = QDateTime::fromMSecsSinceEpoch(timestamp, QTimeZone::utc());
  const QString text = time.toString("yyyy-MM-dd HH:mm:ss.zzz");
  return text.isEmpty() ? std::to_string(timestamp) + " ms" : text.toStdString();
}

std::string shownBytes(const std::optional<base::Bytes>& bytes) {
  if (!bytes) return "null";
  const std::string_view content = base::asText(*bytes);
  std::string text = isPrintable(content) ? onOneLine(content) : "0x" + base::toHex(*bytes);
  if (text.size() <= kShownCharactersMax) return text;
  text.resize(kShownCharactersMax);
  // Not in the middle of a character.
  while (!base::isUtf8(text)) text.pop_back();
  return text + "... (" + std::to_string(bytes->size()) + " bytes)";
}

}  // namespace streamscope::app
