#pragma once

#include <map>
#include <memory>
#include <string>

#include "group/classic_group.h"

namespace streamscope::coordinator {

/// The groups of a shard, by their ids.
class GroupStore {
 public:
  using Groups = std::map<std::string, std::shared_ptr<Group>>;

  const Groups& all() const { return m_groups; }
  std::shared_ptr<Group> find(const std::string& id) const {
    const auto found = m_groups.find(id);
    return found == m_groups.end() ? nullptr : found->second;
  }
  /// Null also when the group is of another type.
  std::shared_ptr<ClassicGroup> findClassic(const std::string& id) const {
    return std::dynamic_pointer_cast<ClassicGroup>(find(id));
  }
  void put(std::shared_ptr<Group> group) {
    const std::string id = group->id();
    m_groups.insert_or_assign(id, std::move(group));
  }
  void remove(const std::string& id) { m_groups.erase(id); }

 private:
  Groups m_groups;
};

}  // namespace streamscope::coordinator
