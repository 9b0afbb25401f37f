#include "meta_properties.h"

#include <charconv>
#include <map>
#include <string_view>

namespace streamscope::log {
namespace {

constexpr std::string_view kSpace = " \t\f\r";

std::string_view trimmedFront(std::string_view text) {
  const size_t start = text.find_first_not_of(kSpace);
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

/// Reads up to an unescaped separator; backslashes are taken off.
std::string readToken(std::string_view& line, std::string_view separators) {
  std::string token;
  while (!line.empty() && separators.find(line.front()) == std::string_view::npos) {
    if (line.front() == '\\' && line.size() > 1) line.remove_prefix(1);
    token.push_back(line.front());
    line.remove_prefix(1);
  }
  return token;
}

struct Property {
  std::string value;
  uint64_t position = 0;
};

std::map<std::string, Property> readProperties(std::string_view text) {
  std::map<std::string, Property> properties;
  size_t position = 0;
  while (position < text.size()) {
    const size_t end = std::min(text.find('\n', position), text.size());
    std::string_view line = trimmedFront(text.substr(position, end - position));
    while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (!line.empty() && line.front() != '#' && line.front() != '!') {
      const std::string key = readToken(line, "=: \t\f");
      line = trimmedFront(line);
      if (!line.empty() && (line.front() == '=' || line.front() == ':')) line = trimmedFront(line.substr(1));
      properties[key] = {readToken(line, ""), position};
    }
    position = end + 1;
  }
  return properties;
}

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (std::string_view("=:#!\\").find(c) != std::string_view::npos) text.push_back('\\');
    text.push_back(c);
  }
  return text;
}

}  // namespace

Parsed<MetaProperties> parseMetaProperties(base::ByteView bytes) {
  const auto properties = readProperties(base::asText(bytes));
  const auto find = [&](const char* key) {
    const auto it = properties.find(key);
    return it == properties.end() ? Property{{}, bytes.size()} : it->second;
  };
  const Property version = find("version");
  if (version.value.empty()) return torn(bytes.size(), "'version' is missing");
  if (version.value != "1") return damaged(version.position, "version " + version.value + " is not known, only 1 is");
  MetaProperties result;
  result.clusterId = find("cluster.id").value;
  if (result.clusterId.empty()) return torn(bytes.size(), "'cluster.id' is missing");
  const Property nodeId = find("node.id");
  if (nodeId.value.empty()) return torn(bytes.size(), "'node.id' is missing");
  const char* end = nodeId.value.data() + nodeId.value.size();
  const auto [at, error] = std::from_chars(nodeId.value.data(), end, result.nodeId);
  if (error != std::errc() || at != end || result.nodeId < 0)
    return damaged(nodeId.position, "'" + nodeId.value + "' is not a node id");
  const Property directoryId = find("directory.id");
  if (!directoryId.value.empty()) {
    result.directoryId = base::Uuid::parse(directoryId.value);
    if (!result.directoryId) return damaged(directoryId.position, "'" + directoryId.value + "' is not a directory id");
  }
  return result;
}

base::Bytes formatMetaProperties(const MetaProperties& properties) {
  std::string text = "#\ncluster.id=" + escaped(properties.clusterId) + "\n";
  if (properties.directoryId) text += "directory.id=" + properties.directoryId->toString() + "\n";
  text += "node.id=" + std::to_string(properties.nodeId) + "\nversion=1\n";
  const base::ByteView view = base::asBytes(text);
  return base::Bytes(view.begin(), view.end());
}

}  // namespace streamscope::log
