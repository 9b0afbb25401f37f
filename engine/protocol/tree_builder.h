#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "protocol/tree.h"

namespace streamscope::protocol {

/// Grows a tree while a frame is read: every field is opened before and closed after it.
class TreeBuilder {
 public:
  void open(std::string name, size_t begin) { m_open.push_back(TreeNode{std::move(name), {}, begin, begin, {}}); }

  void close(size_t end, std::string value) {
    STREAMSCOPE_ASSERT(!m_open.empty());
    TreeNode node = std::move(m_open.back());
    m_open.pop_back();
    node.end = end;
    node.value = std::move(value);
    (m_open.empty() ? m_finished : m_open.back().children).push_back(std::move(node));
  }

  /// The nodes that have no parent.
  std::vector<TreeNode> take() { return std::move(m_finished); }

 private:
  std::vector<TreeNode> m_open;
  std::vector<TreeNode> m_finished;
};

}  // namespace streamscope::protocol
