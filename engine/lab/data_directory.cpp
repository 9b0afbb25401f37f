#include "data_directory.h"

#include <charconv>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/bytes.h"
#include "node_disks.h"
#include "storage/posix_storage.h"
#include "world/address.h"

namespace streamscope::lab {

namespace {

constexpr const char* kIdentityFile = "meta.properties";
constexpr const char* kRemedy = "choose another data directory, or open it with the lab that wrote it";

/// The value of `cluster.id` in the text of a meta.properties.
std::optional<std::string> clusterIdIn(std::string_view text) {
  constexpr std::string_view kKey = "cluster.id=";
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    std::string_view line = text.substr(start, end - start);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.starts_with(kKey)) return std::string(line.substr(kKey.size()));
    start = end + 1;
  }
  return std::nullopt;
}

/// N of a directory "broker-N".
std::optional<int32_t> brokerIdOf(std::string_view name) {
  constexpr std::string_view kPrefix = "broker-";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  int32_t id = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), id);
  if (failure != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return id;
}

}  // namespace

base::Result<DataDirectoryContents> inspectDataDirectory(const std::filesystem::path& directory, int32_t brokers,
                                                         int32_t controllerId) {
  DataDirectoryContents contents;
  std::error_code trouble;
  if (!std::filesystem::exists(directory, trouble)) return contents;
  if (!std::filesystem::is_directory(directory, trouble))
    return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR,
                      "The data directory " + directory.string() + " is no directory; choose another one.");

  storage::PosixStorage files(directory);
  const auto entries = files.list("");
  if (!entries) return base::fail(storage::toError(entries.error()));
  int32_t brokersFound = 0;
  std::string firstFile;
  for (const storage::DirectoryEntry& entry : *entries) {
    const std::optional<int32_t> broker = brokerIdOf(entry.name);
    const bool isController = entry.name == NodeDisks::directoryName(world::controllerAddress(controllerId));
    if (!entry.isDirectory || (!broker && !isController)) continue;
    const std::filesystem::path file = std::filesystem::path(entry.name) / kIdentityFile;
    if (!files.exists(file)) continue;
    if (broker && (*broker < 1 || *broker > brokers))
      return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                        (directory / entry.name).string() + " belongs to a cluster with more brokers than the " +
                            std::to_string(brokers) + " of this lab; " + kRemedy + ".");
    if (broker) ++brokersFound;
    const auto text = files.readFile(file);
    if (!text) return base::fail(storage::toError(text.error()));
    const std::optional<std::string> clusterId = clusterIdIn(base::asText(*text));
    if (!clusterId)
      return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                        (directory / file).string() + " names no cluster.id; " + kRemedy + ".");
    if (contents.clusterId && *contents.clusterId != *clusterId)
      return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                        (directory / file).string() + " belongs to cluster " + *clusterId + " and " + firstFile +
                            " to cluster " + *contents.clusterId + "; " + kRemedy + ".");
    if (!contents.clusterId) firstFile = (directory / file).string();
    contents.clusterId = clusterId;
  }
  if (contents.clusterId && brokersFound < brokers)
    return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                      directory.string() + " holds " + std::to_string(brokersFound) + " brokers and this lab has " +
                          std::to_string(brokers) + "; " + kRemedy + ".");
  return contents;
}

}  // namespace streamscope::lab
