#include "data_directory.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/bytes.h"
#include "storage/posix_storage.h"

namespace streamscope::lab {

namespace {

constexpr const char* kIdentityFile = "meta.properties";
constexpr const char* kFirstOfSeveral = "logs-1";
constexpr const char* kRemedy = "choose another data directory, or open it with the lab that wrote it";

/// The value of a key in the text of a meta.properties.
std::optional<std::string> valueIn(std::string_view text, const std::string& key) {
  const std::string start = key + '=';
  for (size_t position = 0; position < text.size();) {
    const size_t end = std::min(text.find('\n', position), text.size());
    std::string_view line = text.substr(position, end - position);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.starts_with(start)) return std::string(line.substr(start.size()));
    position = end + 1;
  }
  return std::nullopt;
}

std::optional<int32_t> numberIn(std::string_view text) {
  int32_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// N of a directory "broker-N" or "controller-N".
std::optional<int32_t> idAfter(std::string_view prefix, std::string_view name) {
  if (!name.starts_with(prefix)) return std::nullopt;
  return numberIn(name.substr(prefix.size()));
}

struct NodeIdentity {
  std::string clusterId;
  std::optional<int32_t> nodeId;
};

/// `directory` and `file` are for the sentence.
base::Result<NodeIdentity> readIdentity(storage::Storage& files, const std::filesystem::path& directory,
                                        const std::filesystem::path& file) {
  const auto text = files.readFile(file);
  if (!text) return base::fail(storage::toError(text.error()));
  const std::optional<std::string> clusterId = valueIn(base::asText(*text), "cluster.id");
  if (!clusterId)
    return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                      (directory / file).string() + " names no cluster.id; " + kRemedy + ".");
  return NodeIdentity{*clusterId, numberIn(valueIn(base::asText(*text), "node.id").value_or(""))};
}

/// A directory of Kafka's, opened as it is.
base::Result<DataDirectoryContents> inspectCombinedNode(storage::Storage& files, const std::filesystem::path& directory,
                                                        int32_t brokers, size_t controllers) {
  const auto identity = readIdentity(files, directory, kIdentityFile);
  if (!identity) return base::fail(identity.error());
  if (brokers != 1)
    return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                      directory.string() + " is the directory of one Kafka node and this lab has " +
                          std::to_string(brokers) + " brokers; open it with one broker (--brokers 1).");
  if (controllers != 1)
    return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                      directory.string() + " is the directory of one Kafka node and this lab has " +
                          std::to_string(controllers) + " controllers; open it with one.");
  if (identity->nodeId != 1)
    return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                      directory.string() + " belongs to node " +
                          (identity->nodeId ? std::to_string(*identity->nodeId) : std::string("?")) +
                          "; a lab's only broker is node 1: choose another data directory.");
  return DataDirectoryContents{identity->clusterId, true, identity->nodeId};
}

}  // namespace

base::Result<DataDirectoryContents> inspectDataDirectory(const std::filesystem::path& directory, int32_t brokers,
                                                         const std::vector<int32_t>& controllerIds,
                                                         int32_t logDirectories) {
  DataDirectoryContents contents;
  std::error_code trouble;
  if (!std::filesystem::exists(directory, trouble)) return contents;
  if (!std::filesystem::is_directory(directory, trouble))
    return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR,
                      "The data directory " + directory.string() + " is no directory; choose another one.");

  storage::PosixStorage files(directory);
  if (files.exists(kIdentityFile)) return inspectCombinedNode(files, directory, brokers, controllerIds.size());
  const auto entries = files.list("");
  if (!entries) return base::fail(storage::toError(entries.error()));
  int32_t brokersFound = 0;
  size_t controllersFound = 0;
  std::string firstFile;
  for (const storage::DirectoryEntry& entry : *entries) {
    const std::optional<int32_t> broker = idAfter("broker-", entry.name);
    const std::optional<int32_t> controller = idAfter("controller-", entry.name);
    if (!entry.isDirectory || (!broker && !controller)) continue;
    const std::filesystem::path only = std::filesystem::path(entry.name) / kIdentityFile;
    const std::filesystem::path first = std::filesystem::path(entry.name) / kFirstOfSeveral / kIdentityFile;
    const std::filesystem::path& file = broker && logDirectories > 1 ? first : only;
    if (broker && files.exists(logDirectories > 1 ? only : first))
      return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                        (directory / entry.name).string() + " has " +
                            (logDirectories > 1 ? "one log directory" : "several log directories") +
                            " and the brokers of this lab have " + std::to_string(logDirectories) + "; " + kRemedy +
                            ".");
    if (!files.exists(file)) continue;
    if (broker && (*broker < 1 || *broker > brokers))
      return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                        (directory / entry.name).string() + " belongs to a cluster with more brokers than the " +
                            std::to_string(brokers) + " of this lab; " + kRemedy + ".");
    if (controller && std::find(controllerIds.begin(), controllerIds.end(), *controller) == controllerIds.end())
      return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                        (directory / entry.name).string() + " belongs to a cluster with other controllers than the " +
                            std::to_string(controllerIds.size()) + " of this lab; " + kRemedy + ".");
    if (broker) ++brokersFound;
    if (controller) ++controllersFound;
    const auto identity = readIdentity(files, directory, file);
    if (!identity) return base::fail(identity.error());
    if (controller) contents.controllerNodeId = identity->nodeId;
    if (contents.clusterId && *contents.clusterId != identity->clusterId)
      return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                        (directory / file).string() + " belongs to cluster " + identity->clusterId + " and " +
                            firstFile + " to cluster " + *contents.clusterId + "; " + kRemedy + ".");
    if (!contents.clusterId) firstFile = (directory / file).string();
    contents.clusterId = identity->clusterId;
  }
  if (contents.clusterId && brokersFound < brokers)
    return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                      directory.string() + " holds " + std::to_string(brokersFound) + " brokers and this lab has " +
                          std::to_string(brokers) + "; " + kRemedy + ".");
  // A voter that has forgotten what it wrote must not vote: a quorum is opened as a whole. (An only controller that has
  // lost everything can only begin anew.)
  if (contents.clusterId && controllerIds.size() > 1 && controllersFound < controllerIds.size())
    return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                      directory.string() + " holds " + std::to_string(controllersFound) +
                          " controllers and this lab has " + std::to_string(controllerIds.size()) + "; " + kRemedy +
                          ".");
  return contents;
}

}  // namespace streamscope::lab
