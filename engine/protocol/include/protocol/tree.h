#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "protocol/api_key.h"

namespace streamscope::protocol {

/// A part of a decoded message and where it stands: what an inspector shows beside the bytes.
struct TreeNode {
  /// Kafka's field name ("MaxWaitMs"), "[3]" for an element of an array.
  std::string name;
  /// A leaf's value as text (12, "orders", null, 70 bytes), an array's number of elements, nothing for a struct.
  std::string value;
  /// [begin, end): a length prefix belongs to the field it is about.
  size_t begin = 0;
  size_t end = 0;
  std::vector<TreeNode> children;

  bool operator==(const TreeNode&) const = default;
};

/// As much of a message as could be read, and why it stopped when it did.
struct MessageTree {
  TreeNode root;
  std::optional<base::Error> error;
};

/// A request without its size prefix: children "RequestHeader" and the body ("FetchRequest").
MessageTree requestTree(const base::SharedBytes& frame);

/// A response without its size prefix; which request it answers does not stand in it.
MessageTree responseTree(ApiKey key, int16_t version, const base::SharedBytes& frame);

/// The value of a record of the metadata log: "FrameVersion", "ApiKey", "Version" and the record ("TopicRecord").
MessageTree metadataRecordTree(const base::SharedBytes& value);

}  // namespace streamscope::protocol
