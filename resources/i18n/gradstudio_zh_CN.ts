<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Annotating</name>
    <message>
        <source>Add note</source>
        <translation>添加便签</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Edit note</source>
        <translation>编辑便签</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>折叠</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>框</translation>
    </message>
    <message>
        <source>Remove frame</source>
        <translation>移除框</translation>
    </message>
    <message>
        <source>Rename frame</source>
        <translation>重命名框</translation>
    </message>
    <message>
        <source>Resize</source>
        <translation>调整大小</translation>
    </message>
    <message>
        <source>Take out of the frame</source>
        <translation>移出框</translation>
    </message>
    <message>
        <source>Text of the note</source>
        <translation>便签的文字</translation>
    </message>
    <message>
        <source>Title of the frame</source>
        <translation>框的标题</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>展开</translation>
    </message>
</context>
<context>
    <name>Blanks</name>
    <message>
        <source>gradient at {place}</source>
        <translation>{place} 处的梯度</translation>
    </message>
    <message>
        <source>value of {place}</source>
        <translation>{place} 的值</translation>
    </message>
</context>
<context>
    <name>BoardMenu</name>
    <message>
        <source>Blue</source>
        <translation>蓝色</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Delete with its nodes</source>
        <translation>连同节点一起删除</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Fit to its nodes</source>
        <translation>贴合其中的节点</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>折叠</translation>
    </message>
    <message>
        <source>Go inside</source>
        <translation>进入框内</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿色</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>灰色</translation>
    </message>
    <message>
        <source>Purple</source>
        <translation>紫色</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红色</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Take out of the frame</source>
        <translation>移出框</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>展开</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>黄色</translation>
    </message>
</context>
<context>
    <name>Breadcrumbs</name>
    <message>
        <source>Where the canvas is</source>
        <translation>画布当前位置</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Canvas</source>
        <translation>画布</translation>
    </message>
    <message>
        <source>Press Tab to find a node, drag one here, or type a formula above</source>
        <translation>按 Tab 查找节点，或拖入一个节点，或在上方输入公式</translation>
    </message>
</context>
<context>
    <name>CanvasKeys</name>
    <message>
        <source>Along an edge to an input of it</source>
        <translation>沿边走到它的输入节点</translation>
    </message>
    <message>
        <source>Along an edge to what uses the node</source>
        <translation>沿边走到使用该节点的节点</translation>
    </message>
    <message>
        <source>Cancel what is under way; else select nothing</source>
        <translation>取消正在进行的操作，否则取消选择</translation>
    </message>
    <message>
        <source>Choose a node first, with the arrows</source>
        <translation>请先用方向键选中一个节点</translation>
    </message>
    <message>
        <source>Delete what is selected</source>
        <translation>删除选中的内容</translation>
    </message>
    <message>
        <source>Edit: the value of a leaf, else in the inspector</source>
        <translation>编辑：叶子节点改数值，其他节点进入检查器</translation>
    </message>
    <message>
        <source>Find a node to add</source>
        <translation>查找并添加节点</translation>
    </message>
    <message>
        <source>Link from the node: arrows choose the port, Enter links</source>
        <translation>从该节点引出连线：方向键选端口，Enter 连接</translation>
    </message>
    <message>
        <source>Link into the node; again for its next port; Delete removes a link</source>
        <translation>连入该节点；再按换下一个端口；Delete 删除连线</translation>
    </message>
    <message>
        <source>Move the selected nodes; without any, the canvas</source>
        <translation>移动选中的节点；没有选中时移动画布</translation>
    </message>
    <message>
        <source>Move them by one pixel</source>
        <translation>移动一个像素</translation>
    </message>
    <message>
        <source>Rename the node</source>
        <translation>重命名节点</translation>
    </message>
    <message>
        <source>Select the node as well, or no longer</source>
        <translation>把该节点加入选择或移出选择</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Tapped: find a node to add; held: drag to pan</source>
        <translation>轻按：查找并添加节点；按住：拖动平移</translation>
    </message>
    <message>
        <source>The same, and leave the selection</source>
        <translation>同上，不改变选择</translation>
    </message>
    <message>
        <source>The same, and select the node as well</source>
        <translation>同上，并把走到的节点加入选择</translation>
    </message>
    <message>
        <source>Through all nodes, in the order they are computed</source>
        <translation>按计算顺序逐个走过所有节点</translation>
    </message>
    <message>
        <source>To the node above or below</source>
        <translation>走到上方或下方的节点</translation>
    </message>
</context>
<context>
    <name>CanvasMenu</name>
    <message>
        <source>Add leaf</source>
        <translation>添加叶子节点</translation>
    </message>
    <message>
        <source>Add reroute</source>
        <translation>添加转接点</translation>
    </message>
    <message>
        <source>Collapse to {op}</source>
        <translation>合并为 {op}</translation>
    </message>
    <message>
        <source>Edit value…</source>
        <translation>编辑值…</translation>
    </message>
    <message>
        <source>Its first axis counts samples</source>
        <translation>第一个轴是样本</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Make it the output</source>
        <translation>设为输出</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>屏蔽</translation>
    </message>
    <message>
        <source>Named as data</source>
        <translation>标为数据</translation>
    </message>
    <message>
        <source>Pin its numbers</source>
        <translation>固定其数字</translation>
    </message>
    <message>
        <source>Remove link</source>
        <translation>移除连线</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Slider</source>
        <translation>滑块</translation>
    </message>
</context>
<context>
    <name>CanvasMouse</name>
    <message>
        <source>Alt while a node is dragged</source>
        <translation>拖动节点时按住 Alt</translation>
    </message>
    <message>
        <source>Change its value; Shift: finely, Ctrl: in round steps</source>
        <translation>改变其值；Shift：微调，Ctrl：按整数步调整</translation>
    </message>
    <message>
        <source>Click</source>
        <translation>单击</translation>
    </message>
    <message>
        <source>Click the numbers of a link, or drag them</source>
        <translation>单击连线上的数字，或拖动它们</translation>
    </message>
    <message>
        <source>Copy the link; the old one stays</source>
        <translation>复制连线，原连线保留</translation>
    </message>
    <message>
        <source>Ctrl+click</source>
        <translation>Ctrl + 单击</translation>
    </message>
    <message>
        <source>Ctrl+double click on a link</source>
        <translation>Ctrl + 双击连线</translation>
    </message>
    <message>
        <source>Ctrl+right drag, Alt+Shift+drag</source>
        <translation>Ctrl + 右键拖动，Alt + Shift + 拖动</translation>
    </message>
    <message>
        <source>Cut the links that the line crosses</source>
        <translation>剪断划过的连线</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>双击</translation>
    </message>
    <message>
        <source>Double click on nothing</source>
        <translation>双击空白处</translation>
    </message>
    <message>
        <source>Double tap with two fingers</source>
        <translation>双指轻点两下</translation>
    </message>
    <message>
        <source>Drag a frame or a note, or its edge</source>
        <translation>拖动框或便签，或其边缘</translation>
    </message>
    <message>
        <source>Drag a leaf&apos;s number, or Alt+wheel over it</source>
        <translation>拖动叶节点的数字，或在其上按 Alt 滚动滚轮</translation>
    </message>
    <message>
        <source>Drag a link off its port</source>
        <translation>把连线拖离端口</translation>
    </message>
    <message>
        <source>Drag a node</source>
        <translation>拖动节点</translation>
    </message>
    <message>
        <source>Drag from a port</source>
        <translation>从端口拖出</translation>
    </message>
    <message>
        <source>Drag in the minimap</source>
        <translation>在缩略图中拖动</translation>
    </message>
    <message>
        <source>Drag on nothing</source>
        <translation>在空白处拖动</translation>
    </message>
    <message>
        <source>Draw a link; onto nothing, find a node for it</source>
        <translation>画连线；拖到空白处则查找要连接的节点</translation>
    </message>
    <message>
        <source>Find a node to add</source>
        <translation>查找要添加的节点</translation>
    </message>
    <message>
        <source>Lead the link through a dot there</source>
        <translation>让连线经过此处的转接点</translation>
    </message>
    <message>
        <source>Lead the links that the line crosses through a dot</source>
        <translation>让划过的连线经过一个转接点</translation>
    </message>
    <message>
        <source>Look at another part of the graph</source>
        <translation>查看图的其他部分</translation>
    </message>
    <message>
        <source>Look elsewhere</source>
        <translation>平移画布</translation>
    </message>
    <message>
        <source>Look to the side</source>
        <translation>左右平移</translation>
    </message>
    <message>
        <source>Middle drag, Space+drag, two fingers</source>
        <translation>中键拖动、空格拖动、双指滑动</translation>
    </message>
    <message>
        <source>Move it with what is in it; make it larger or smaller</source>
        <translation>连同其中内容一起移动；改变大小</translation>
    </message>
    <message>
        <source>Move the link; onto nothing, remove it</source>
        <translation>移动连线；拖到空白处则删除</translation>
    </message>
    <message>
        <source>Move what is selected; dropped on an edge, insert it there</source>
        <translation>移动选中的节点；放到边上则插入其中</translation>
    </message>
    <message>
        <source>Pin them, so that they are always shown; again: let them go</source>
        <translation>将其固定，使其始终显示；再次单击则取消固定</translation>
    </message>
    <message>
        <source>Pinch</source>
        <translation>双指捏合</translation>
    </message>
    <message>
        <source>Right click</source>
        <translation>右键单击</translation>
    </message>
    <message>
        <source>Select a node</source>
        <translation>选中节点</translation>
    </message>
    <message>
        <source>Select it as well</source>
        <translation>加入选择</translation>
    </message>
    <message>
        <source>Select it as well, or no longer</source>
        <translation>加入选择或移出选择</translation>
    </message>
    <message>
        <source>Select what the box touches; with Shift as well</source>
        <translation>框选；按住 Shift 则加入选择</translation>
    </message>
    <message>
        <source>Shift+click</source>
        <translation>Shift + 单击</translation>
    </message>
    <message>
        <source>Shift+drag a link off its port</source>
        <translation>按住 Shift 从端口拖出连线</translation>
    </message>
    <message>
        <source>Shift+right drag</source>
        <translation>Shift + 右键拖动</translation>
    </message>
    <message>
        <source>Shift+wheel</source>
        <translation>Shift + 滚轮</translation>
    </message>
    <message>
        <source>Show it at 100 %, or all of it again</source>
        <translation>以 100 % 显示，或重新显示全图</translation>
    </message>
    <message>
        <source>Snap to no neighbour and to no grid</source>
        <translation>不对齐到相邻节点或网格</translation>
    </message>
    <message>
        <source>Type a value, or a name; of an operation, inspect it</source>
        <translation>输入数值或名称；双击算子则查看</translation>
    </message>
    <message>
        <source>What can be done there</source>
        <translation>打开该处的菜单</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>Zoom at the fingers</source>
        <translation>以手指处为中心缩放</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>以指针为中心缩放</translation>
    </message>
</context>
<context>
    <name>ChainRule</name>
    <message>
        <source>Several products fit: here the shapes alone do not decide.</source>
        <translation>不止一种乘法的形状相符，仅凭形状无法判定。</translation>
    </message>
    <message>
        <source>upstream × local = downstream</source>
        <translation>上游梯度 × 局部梯度 = 下游梯度</translation>
    </message>
    <message>
        <source>used {count} times: the sum</source>
        <translation>被使用 {count} 次：各路梯度之和</translation>
    </message>
    <message>
        <source>Σ over axes {axes}, along which it was repeated</source>
        <translation>沿轴 {axes} 求和（广播时沿这些轴重复）</translation>
    </message>
    <message>
        <source>Σ over axis {axis}, along which it was repeated</source>
        <translation>沿轴 {axis} 求和（广播时沿此轴重复）</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>{op}: {teaching}</source>
        <translation>{op}：{teaching}</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>No command is called that.</source>
        <translation>没有这样的命令。</translation>
    </message>
    <message>
        <source>Type what you want to do</source>
        <translation>输入要执行的操作</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>No path leads from one of the selected nodes to another</source>
        <translation>选中的节点之间没有通路</translation>
    </message>
    <message>
        <source>Select a frame, or a node in one</source>
        <translation>请先选中一个框，或框中的一个节点</translation>
    </message>
    <message>
        <source>Select a node</source>
        <translation>请先选中一个节点</translation>
    </message>
    <message>
        <source>Select a node or a note</source>
        <translation>请先选中一个节点或一条便签</translation>
    </message>
    <message>
        <source>Select a node that is composed of others, as a sigmoid is</source>
        <translation>请先选中一个由其他运算组成的节点，例如 sigmoid</translation>
    </message>
    <message>
        <source>Select a node that is no leaf</source>
        <translation>请先选中一个不是叶子节点的节点</translation>
    </message>
    <message>
        <source>Select a node that is used</source>
        <translation>请先选中一个输出被使用的节点</translation>
    </message>
    <message>
        <source>Select a node with two inputs that differ</source>
        <translation>请选中一个有两个不同输入的节点</translation>
    </message>
    <message>
        <source>Select a single frame, or a node in one</source>
        <translation>请先只选中一个框，或框中的一个节点</translation>
    </message>
    <message>
        <source>Select one leaf that holds a number</source>
        <translation>请先选中一个存放单个数的叶子节点</translation>
    </message>
    <message>
        <source>Select three nodes or more</source>
        <translation>请先选中至少三个节点</translation>
    </message>
    <message>
        <source>Select two nodes or more</source>
        <translation>请先选中至少两个节点</translation>
    </message>
    <message>
        <source>The graph is empty</source>
        <translation>计算图是空的</translation>
    </message>
    <message>
        <source>This is the whole graph already</source>
        <translation>现在显示的已经是整个图</translation>
    </message>
</context>
<context>
    <name>Composing</name>
    <message>
        <source>Collapse</source>
        <translation>合并为一个节点</translation>
    </message>
    <message>
        <source>Collapse to {op}</source>
        <translation>合并为 {op}</translation>
    </message>
    <message>
        <source>Expand</source>
        <translation>展开为基本运算</translation>
    </message>
    <message>
        <source>{name} is no part of anything that could be one node</source>
        <translation>{name} 不属于任何可以合并成一个节点的结构</translation>
    </message>
</context>
<context>
    <name>CycleMark</name>
    <message>
        <source>A link there would close a cycle: {cycle}</source>
        <translation>连到那里会形成环：{cycle}</translation>
    </message>
</context>
<context>
    <name>DefinitionCard</name>
    <message>
        <source>∂L/∂{port} could not be checked: {reason}</source>
        <translation>∂L/∂{port} 无法检验：{reason}</translation>
    </message>
    <message>
        <source>∂L/∂{port} is wrong: it gives {given} where differences give {wanted}.</source>
        <translation>∂L/∂{port} 错误：公式给出 {given}，有限差分给出 {wanted}。</translation>
    </message>
    <message>
        <source>✓ Finite differences agree with every formula.</source>
        <translation>✓ 每个公式都与有限差分一致。</translation>
    </message>
</context>
<context>
    <name>Document</name>
    <message>
        <source>Untitled</source>
        <translation>未命名</translation>
    </message>
</context>
<context>
    <name>Drawer</name>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
</context>
<context>
    <name>Edits</name>
    <message>
        <source>Add {op}</source>
        <translation>添加“{op}”</translation>
    </message>
    <message>
        <source>Change kind</source>
        <translation>更改类型</translation>
    </message>
    <message>
        <source>Choose output</source>
        <translation>选择输出</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>创建副本</translation>
    </message>
    <message>
        <source>Insert into link</source>
        <translation>插入连线</translation>
    </message>
    <message>
        <source>Let go of numbers</source>
        <translation>取消固定数字</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>连线</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Move link</source>
        <translation>移动连线</translation>
    </message>
    <message>
        <source>Name as data</source>
        <translation>标为数据</translation>
    </message>
    <message>
        <source>New leaves begin at 1: {names}</source>
        <translation>新的叶子节点初始值为 1：{names}</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Pin numbers</source>
        <translation>固定数字</translation>
    </message>
    <message>
        <source>Range of {name}</source>
        <translation>{name} 的范围</translation>
    </message>
    <message>
        <source>Remove link</source>
        <translation>移除连线</translation>
    </message>
    <message>
        <source>Rename {name}</source>
        <translation>重命名 {name}</translation>
    </message>
    <message>
        <source>Renamed, as these names are taken: {names}</source>
        <translation>名称已被占用，已改名：{names}</translation>
    </message>
    <message>
        <source>Set {name}</source>
        <translation>设置 {name} 的值</translation>
    </message>
    <message>
        <source>{name} has no free port: drop the link on the one it is to replace</source>
        <translation>{name} 没有空闲的端口：把连线放到要替换的那个端口上</translation>
    </message>
    <message>
        <source>{name} takes no input</source>
        <translation>{name} 不接受输入</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>Export as</source>
        <translation>导出为</translation>
    </message>
    <message>
        <source>Export picture</source>
        <translation>导出图片</translation>
    </message>
    <message>
        <source>Picture (*{suffix})</source>
        <translation>图片 (*{suffix})</translation>
    </message>
    <message>
        <source>Text (*{suffix})</source>
        <translation>文本 (*{suffix})</translation>
    </message>
    <message>
        <source>The picture is on the clipboard</source>
        <translation>图片已复制到剪贴板</translation>
    </message>
    <message>
        <source>Wrote {file}</source>
        <translation>已写入 {file}</translation>
    </message>
</context>
<context>
    <name>Filing</name>
    <message>
        <source>Drop a graph</source>
        <translation>拖入计算图</translation>
    </message>
    <message>
        <source>Graphs (*{suffix})</source>
        <translation>计算图 (*{suffix})</translation>
    </message>
    <message>
        <source>Graphs and labs (*{suffix})</source>
        <translation>图和实验 (*{suffix})</translation>
    </message>
    <message>
        <source>Load CSV</source>
        <translation>载入 CSV</translation>
    </message>
    <message>
        <source>Load {name}</source>
        <translation>载入 {name}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>另存为</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.txt)</source>
        <translation>表格 (*.csv *.tsv *.txt)</translation>
    </message>
    <message>
        <source>graph</source>
        <translation>计算图</translation>
    </message>
    <message>
        <source>{file} is a folder. Open a graph ({graph}) or a lab ({lab}) in it.</source>
        <translation>{file} 是一个文件夹。请打开其中的计算图（{graph}）或实验（{lab}）。</translation>
    </message>
    <message>
        <source>{file} is not a GradStudio file. Open a graph ({graph}) or a lab ({lab}); a table is loaded with Load CSV in the menu Train.</source>
        <translation>{file} 不是 GradStudio 文件。请打开计算图（{graph}）或实验（{lab}）；表格请用“训练”菜单中的“载入 CSV”读入。</translation>
    </message>
    <message>
        <source>{file} is open in another tab: close it there, or choose another name.</source>
        <translation>{file} 已在另一个标签页中打开：请先在那里关闭它，或换一个名字。</translation>
    </message>
    <message>
        <source>{file} was not found. Check its name and its folder.</source>
        <translation>找不到 {file}。请检查文件名和所在的文件夹。</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>Find in the graph</source>
        <translation>在图中查找</translation>
    </message>
    <message>
        <source>Name, operation or value</source>
        <translation>名称、运算或数值</translation>
    </message>
    <message>
        <source>Next (Enter)</source>
        <translation>下一个 (Enter)</translation>
    </message>
    <message>
        <source>Previous (Shift+Enter)</source>
        <translation>上一个 (Shift+Enter)</translation>
    </message>
    <message>
        <source>none found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>{at} of {count}</source>
        <translation>{at} / {count}</translation>
    </message>
    <message>
        <source>{count} found</source>
        <translation>找到 {count} 个</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>Add node</source>
        <translation>添加节点</translation>
    </message>
    <message>
        <source>Name, sign, number or formula</source>
        <translation>名称、符号、数字或公式</translation>
    </message>
    <message>
        <source>New leaves begin at 1: {names}</source>
        <translation>新的叶子节点初始值为 1：{names}</translation>
    </message>
    <message>
        <source>Nodes to add</source>
        <translation>可添加的节点</translation>
    </message>
    <message>
        <source>What feeds {node}?</source>
        <translation>用什么输入 {node}？</translation>
    </message>
    <message>
        <source>What follows {node}? Or a number, a formula</source>
        <translation>{node} 之后是什么？也可输入数或公式</translation>
    </message>
    <message>
        <source>What takes {node}?</source>
        <translation>{node} 接到哪里？</translation>
    </message>
</context>
<context>
    <name>FormulaBar</name>
    <message>
        <source>Build formula</source>
        <translation>由公式构建</translation>
    </message>
    <message>
        <source>Build the graph</source>
        <translation>构建计算图</translation>
    </message>
    <message>
        <source>Builds the graph of the formula (Enter)</source>
        <translation>按公式构建计算图（回车）</translation>
    </message>
    <message>
        <source>Edit in several lines</source>
        <translation>多行编辑</translation>
    </message>
    <message>
        <source>Formula</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>New leaves begin at 1: {names}</source>
        <translation>新的叶子节点初始值为 1：{names}</translation>
    </message>
    <message>
        <source>Opens the formula in several lines</source>
        <translation>展开为多行编辑公式</translation>
    </message>
    <message>
        <source>Type a formula, such as f = (x + y) * z</source>
        <translation>输入公式，例如 f = (x + y) * z</translation>
    </message>
    <message>
        <source>{reason}. Enter again writes it so.</source>
        <translation>{reason}。再按一次 Enter 即改写</translation>
    </message>
    <message>
        <source>⏎ build</source>
        <translation>⏎ 构建</translation>
    </message>
</context>
<context>
    <name>FormulaEditor</name>
    <message>
        <source>Build</source>
        <translation>构建</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Formula</source>
        <translation>公式</translation>
    </message>
</context>
<context>
    <name>GoOn</name>
    <message>
        <source>Begin anew</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续做</translation>
    </message>
    <message>
        <source>You have worked on “{lab}” before.</source>
        <translation>你以前做过“{lab}”。</translation>
    </message>
</context>
<context>
    <name>GradientCheck</name>
    <message>
        <source>Check gradients</source>
        <translation>检验梯度</translation>
    </message>
    <message>
        <source>Compared were {count} of {all} entries, drawn at random.</source>
        <translation>共比较了 {all} 个元素中的 {count} 个，随机抽取。</translation>
    </message>
    <message>
        <source>The gradient of {names} differs from the finite difference.</source>
        <translation>{names} 的梯度与有限差分不一致。</translation>
    </message>
    <message>
        <source>agrees</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>at a kink</source>
        <translation>不可导点</translation>
    </message>
    <message>
        <source>finite difference</source>
        <translation>有限差分</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>leaf</source>
        <translation>叶子节点</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>relative error</source>
        <translation>相对误差</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>{count} entries</source>
        <translation>{count} 个元素</translation>
    </message>
    <message>
        <source>{count} of {all} entries</source>
        <translation>{all} 个元素中的 {count} 个</translation>
    </message>
    <message>
        <source>✓ Finite differences agree, to {error} at most.</source>
        <translation>✓ 与有限差分一致，误差不超过 {error}。</translation>
    </message>
</context>
<context>
    <name>GraphPage</name>
    <message>
        <source>No blank is empty</source>
        <translation>没有空着的空了</translation>
    </message>
</context>
<context>
    <name>Guide</name>
    <message>
        <source>&lt;h3&gt;Build&lt;/h3&gt;&lt;p&gt;Drag nodes from the left, then drag from the right side of one node to the left side of another. Or type a formula at the top, such as &lt;code&gt;f = (x + y) * z&lt;/code&gt;, and press Enter.&lt;/p&gt;&lt;h3&gt;Read&lt;/h3&gt;&lt;p&gt;On every edge the value stands above, in green, and the gradient of the output below, in red. Select a node to see the chain rule there with its numbers. The buttons at the top left go through the graph one node at a time, forward and then backward.&lt;/p&gt;&lt;h3&gt;Change&lt;/h3&gt;&lt;p&gt;Double-click a leaf to type another value: all numbers follow. Every change can be undone.&lt;/p&gt;&lt;h3&gt;Find your way&lt;/h3&gt;&lt;p&gt;The wheel zooms at the pointer; drag with the middle button, or with Space held, to pan; on a trackpad two fingers do both. F shows all, Ctrl+F finds a node by name, operation or value, and the map at the lower right shows where you are.&lt;/p&gt;&lt;h3&gt;Keep it tidy&lt;/h3&gt;&lt;p&gt;Ctrl+L lays everything out. Nodes that you drag snap to their neighbours; hold Alt to let them go freely. The menu Arrange lines up what is selected.&lt;/p&gt;&lt;h3&gt;Train&lt;/h3&gt;&lt;p&gt;Make weights parameters, mark inputs as data, end in a loss, and press Train. Reset brings the first weights back.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;搭建&lt;/h3&gt;&lt;p&gt;从左侧拖出节点，再从一个节点的右边拖到另一个节点的左边，把它们连起来。也可以在上方输入公式，例如 &lt;code&gt;f = (x + y) * z&lt;/code&gt;，然后按回车。&lt;/p&gt;&lt;h3&gt;读图&lt;/h3&gt;&lt;p&gt;每条边的上方是绿色的值，下方是红色的梯度，即输出对它的导数。选中一个节点，就能看到此处的链式法则和其中的数。左上角的按钮逐个节点地走过计算图：先前向，再反向。&lt;/p&gt;&lt;h3&gt;修改&lt;/h3&gt;&lt;p&gt;双击叶子节点可以输入新的值，所有的数随之更新。每一步修改都可以撤销。&lt;/p&gt;&lt;h3&gt;浏览&lt;/h3&gt;&lt;p&gt;滚轮以指针为中心缩放；按住中键或空格键拖动可平移；触控板上用双指缩放和平移。按 F 显示全图，按 Ctrl+F 可按名称、运算或数值查找节点，右下角的缩略图显示当前所在位置。&lt;/p&gt;&lt;h3&gt;整理&lt;/h3&gt;&lt;p&gt;按 Ctrl+L 自动布局整个图。拖动的节点会对齐到相邻节点，按住 Alt 可自由移动。“整理”菜单可对齐所选节点。&lt;/p&gt;&lt;h3&gt;训练&lt;/h3&gt;&lt;p&gt;把权重设为参数，把输入标为数据，以损失作为输出，然后按“训练”。“重置”会恢复最初的权重。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&lt;h3&gt;GradStudio {version}&lt;/h3&gt;&lt;p&gt;Backpropagation, with every number in sight: a laboratory for computation graphs and their gradients.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;GradStudio {version}&lt;/h3&gt;&lt;p&gt;让反向传播中的每一个数都看得见：研究计算图及其梯度的实验室。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>About GradStudio</source>
        <translation>关于 GradStudio</translation>
    </message>
    <message>
        <source>How to</source>
        <translation>使用说明</translation>
    </message>
</context>
<context>
    <name>HintPrice</name>
    <message>
        <source>This hint costs 1 point. Take it?</source>
        <translation>这条提示要扣 1 分。要看吗？</translation>
    </message>
    <message>
        <source>This hint costs {price} points. Take it?</source>
        <translation>这条提示要扣 {price} 分。要看吗？</translation>
    </message>
</context>
<context>
    <name>Hover</name>
    <message>
        <source>from {least} to {most}</source>
        <translation>从 {least} 到 {most}</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>muted: {input} passes through</source>
        <translation>已屏蔽：{input} 直通</translation>
    </message>
    <message>
        <source>tangent</source>
        <translation>切向量</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>{count} of {all} entries are not finite</source>
        <translation>{all} 个元素中有 {count} 个不是有限数</translation>
    </message>
    <message>
        <source>{title}   a folded frame of {count} nodes</source>
        <translation>{title}   折叠的框，含 {count} 个节点</translation>
    </message>
    <message>
        <source>{what}: {number}</source>
        <translation>{what}：{number}</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>CHAIN RULE HERE</source>
        <translation>此处的链式法则</translation>
    </message>
    <message>
        <source>Change the kind of {name}</source>
        <translation>更改 {name} 的类型</translation>
    </message>
    <message>
        <source>Change {setting} of {name}</source>
        <translation>更改 {name} 的 {setting}</translation>
    </message>
    <message>
        <source>Choose {name} as output</source>
        <translation>选择 {name} 为输出</translation>
    </message>
    <message>
        <source>Constant</source>
        <translation>常数</translation>
    </message>
    <message>
        <source>DEFINED IN THIS GRAPH</source>
        <translation>本图自定义的运算</translation>
    </message>
    <message>
        <source>Edits the value as a table or as nested lists</source>
        <translation>以表格或嵌套列表的形式编辑值</translation>
    </message>
    <message>
        <source>GRADIENT {shape}</source>
        <translation>梯度 {shape}</translation>
    </message>
    <message>
        <source>Gradient in full</source>
        <translation>完整的梯度</translation>
    </message>
    <message>
        <source>HOW THE GRADIENT FLOWS</source>
        <translation>梯度如何流动</translation>
    </message>
    <message>
        <source>Here {input} passes through.</source>
        <translation>此处 {input} 直通。</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>Its first axis counts samples; training draws from them</source>
        <translation>第一个轴是样本，训练时从中抽取</translation>
    </message>
    <message>
        <source>Kind of leaf</source>
        <translation>叶子节点的类型</translation>
    </message>
    <message>
        <source>Name of the node</source>
        <translation>节点名称</translation>
    </message>
    <message>
        <source>Named as data</source>
        <translation>标为数据</translation>
    </message>
    <message>
        <source>PORTS</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Rename {old}</source>
        <translation>重命名 {old}</translation>
    </message>
    <message>
        <source>SETTINGS</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Set {name}</source>
        <translation>设置 {name} 的值</translation>
    </message>
    <message>
        <source>Table…</source>
        <translation>表格…</translation>
    </message>
    <message>
        <source>VALUE</source>
        <translation>值</translation>
    </message>
    <message>
        <source>VALUE {shape}</source>
        <translation>值 {shape}</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Value in full</source>
        <translation>完整的值</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>no value yet</source>
        <translation>还没有值</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
</context>
<context>
    <name>KeepAnswer</name>
    <message>
        <source>Keep this answer? It is graded as it stands and cannot be changed any more. The numbers that only this task asks for are shown then.</source>
        <translation>保留这个答案吗？评分以它为准，之后不能再改。只有这道题问到的那些数随后会显示出来。</translation>
    </message>
</context>
<context>
    <name>KeyLink</name>
    <message>
        <source>No link was made</source>
        <translation>没有建立连线</translation>
    </message>
    <message>
        <source>There is no node that could feed {port} of {name}</source>
        <translation>没有节点可以连入 {name} 的端口 {port}</translation>
    </message>
    <message>
        <source>There is no port that {source} could feed</source>
        <translation>没有可以由 {source} 连入的端口</translation>
    </message>
    <message>
        <source>{source} feeds {port} of {name} now</source>
        <translation>{source} 已连入 {name} 的端口 {port}</translation>
    </message>
    <message>
        <source>{source} into {port} of {name}, instead of {old}</source>
        <translation>{source} 连入 {name} 的端口 {port}，取代 {old}</translation>
    </message>
    <message>
        <source>{source} into {port} of {name}: Enter links, Escape cancels</source>
        <translation>{source} 连入 {name} 的端口 {port}：按 Enter 连接，按 Esc 取消</translation>
    </message>
    <message>
        <source>{source} into {port} of {name}: linked, Delete removes it</source>
        <translation>{source} 连入 {name} 的端口 {port}：已连接，按 Delete 删除连线</translation>
    </message>
</context>
<context>
    <name>LabPanel</name>
    <message>
        <source>1 attempt left</source>
        <translation>还剩 1 次</translation>
    </message>
    <message>
        <source>After {days} days late nothing counts.</source>
        <translation>迟交超过 {days} 天不计分。</translation>
    </message>
    <message>
        <source>All of it is right.</source>
        <translation>全部正确。</translation>
    </message>
    <message>
        <source>Allowed: {ops}.</source>
        <translation>可用的运算：{ops}。</translation>
    </message>
    <message>
        <source>At most 1 computing node.</source>
        <translation>最多 1 个计算节点。</translation>
    </message>
    <message>
        <source>At most {count} computing nodes.</source>
        <translation>最多 {count} 个计算节点。</translation>
    </message>
    <message>
        <source>At most {count} numbers may be learned.</source>
        <translation>最多学习 {count} 个数。</translation>
    </message>
    <message>
        <source>Being late costs no points.</source>
        <translation>迟交不扣分。</translation>
    </message>
    <message>
        <source>Build a node called {node}.</source>
        <translation>搭出名为 {node} 的节点。</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Each day late costs {percent} % of the points.</source>
        <translation>每迟交一天扣所得分数的 {percent} %。</translation>
    </message>
    <message>
        <source>Everything is done: Submit (Ctrl+Shift+Enter) writes the file to hand in.</source>
        <translation>全部完成：用“提交”（Ctrl+Shift+Enter）写出要上交的文件。</translation>
    </message>
    <message>
        <source>F8 goes on to what is still open.</source>
        <translation>按 F8 继续还没完成的题目。</translation>
    </message>
    <message>
        <source>HINTS TAKEN · −{price}</source>
        <translation>用过的提示 · −{price} 分</translation>
    </message>
    <message>
        <source>Hint (free)</source>
        <translation>提示（免费）</translation>
    </message>
    <message>
        <source>Hint (−{price})</source>
        <translation>提示（−{price} 分）</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>It cannot be changed any more then, and the numbers it hides are shown.</source>
        <translation>之后不能再改，它所遮住的数会显示出来。</translation>
    </message>
    <message>
        <source>Keep this answer</source>
        <translation>保留这个答案</translation>
    </message>
    <message>
        <source>Lab</source>
        <translation>实验</translation>
    </message>
    <message>
        <source>Put in order: {nodes}.</source>
        <translation>请排序：{nodes}。</translation>
    </message>
    <message>
        <source>TASKS</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>TASKS · {done} of {count} done</source>
        <translation>任务 · 完成 {done} / {count}</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>This answer was kept and is graded as it stands.</source>
        <translation>答案已保留，评分以它为准。</translation>
    </message>
    <message>
        <source>Try it with Train (Ctrl+T).</source>
        <translation>可以用“训练”（Ctrl+T）试一试。</translation>
    </message>
    <message>
        <source>Type into the graph; Tab goes on, Enter checks.</source>
        <translation>直接在图上填写：Tab 到下一个空，Enter 检查。</translation>
    </message>
    <message>
        <source>You answered: {answers}</source>
        <translation>你的答案：{answers}</translation>
    </message>
    <message>
        <source>due {when}</source>
        <translation>截止 {when}</translation>
    </message>
    <message>
        <source>no attempt left: the graph is graded as you hand it in</source>
        <translation>没有剩余次数：按提交时的计算图评分</translation>
    </message>
    <message>
        <source>no attempt left: this answer is graded</source>
        <translation>没有剩余次数：按这份答案评分</translation>
    </message>
    <message>
        <source>not right</source>
        <translation>不正确</translation>
    </message>
    <message>
        <source>noted</source>
        <translation>已记下</translation>
    </message>
    <message>
        <source>open</source>
        <translation>未完成</translation>
    </message>
    <message>
        <source>partly right</source>
        <translation>部分正确</translation>
    </message>
    <message>
        <source>right</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>was due {when}</source>
        <translation>截止时间 {when}，已过</translation>
    </message>
    <message>
        <source>{count} attempts left</source>
        <translation>还剩 {count} 次</translation>
    </message>
    <message>
        <source>{done} of {count} done</source>
        <translation>完成 {done} / {count}</translation>
    </message>
    <message>
        <source>{loss} must reach {target} in at most {steps} steps.</source>
        <translation>最多 {steps} 步内，{loss} 要降到 {target}。</translation>
    </message>
    <message>
        <source>{state}, kept</source>
        <translation>{state}，已保留</translation>
    </message>
    <message>
        <source>{title} · 1 point</source>
        <translation>{title} · 1 分</translation>
    </message>
    <message>
        <source>{title} · {points} points</source>
        <translation>{title} · {points} 分</translation>
    </message>
    <message>
        <source>{title}: {state}</source>
        <translation>{title}：{state}</translation>
    </message>
</context>
<context>
    <name>Labs</name>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>All of it is in {file}: hand that file in.</source>
        <translation>全部内容都在 {file} 里：交这个文件即可。</translation>
    </message>
    <message>
        <source>Labs (*{suffix})</source>
        <translation>实验 (*{suffix})</translation>
    </message>
    <message>
        <source>Open lab</source>
        <translation>打开实验</translation>
    </message>
    <message>
        <source>Submissions (*{suffix})</source>
        <translation>作业 (*{suffix})</translation>
    </message>
    <message>
        <source>Submit</source>
        <translation>提交</translation>
    </message>
    <message>
        <source>Where is the lab “{lab}”?</source>
        <translation>实验“{lab}”在哪里？</translation>
    </message>
    <message>
        <source>{file} is saved, but it cannot be handed in like this: {reason}</source>
        <translation>{file} 已保存，但这样还不能上交：{reason}</translation>
    </message>
    <message>
        <source>{file} was begun with another edition of this lab than {lab}, so tasks and numbers may not fit. Put the lab it was begun with beside it, and open it again.</source>
        <translation>{file} 是用本实验的另一个版本开始做的，与 {lab} 不同，任务和数值可能对不上。请把当初使用的实验文件放到它旁边，再重新打开。</translation>
    </message>
</context>
<context>
    <name>LeafEditor</name>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Kind of value</source>
        <translation>值的形式</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>矩阵</translation>
    </message>
    <message>
        <source>Nested lists</source>
        <translation>嵌套列表</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>数</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数</translation>
    </message>
    <message>
        <source>Numbers as nested lists</source>
        <translation>嵌套列表形式的数</translation>
    </message>
    <message>
        <source>Paste all</source>
        <translation>整体粘贴</translation>
    </message>
    <message>
        <source>Replaces the numbers by those copied from a spreadsheet</source>
        <translation>用从电子表格复制的数替换现有的数</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Value of {name}</source>
        <translation>{name} 的值</translation>
    </message>
    <message>
        <source>Vector</source>
        <translation>向量</translation>
    </message>
    <message>
        <source>“{text}” is no number; the cell keeps the old one</source>
        <translation>“{text}”不是数；单元格保持原值</translation>
    </message>
</context>
<context>
    <name>LeafSlider</name>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Value of {name}</source>
        <translation>{name} 的值</translation>
    </message>
</context>
<context>
    <name>LossPlot</name>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>log scale</source>
        <translation>对数坐标</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>{loss} before step {step}</source>
        <translation>第 {step} 步之前：{loss}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Redo: {step}</source>
        <translation>重做(&amp;R)：{step}</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Undo: {step}</source>
        <translation>撤销(&amp;U)：{step}</translation>
    </message>
    <message>
        <source>Checking the gradients…</source>
        <translation>正在检验梯度…</translation>
    </message>
    <message>
        <source>Choose {name} as output</source>
        <translation>选择 {name} 为输出</translation>
    </message>
    <message>
        <source>Something went wrong inside GradStudio. The document is as it was.</source>
        <translation>GradStudio 内部出错了。文档保持原样。</translation>
    </message>
    <message>
        <source>Something went wrong inside GradStudio. Your graph is still there; save it now.</source>
        <translation>GradStudio 内部出错了。你的计算图还在，请马上保存。</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;100 %</source>
        <translation>实际大小(&amp;1)</translation>
    </message>
    <message>
        <source>&amp;About GradStudio</source>
        <translation>关于 GradStudio(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Check</source>
        <translation>检查(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Check gradients</source>
        <translation>检验梯度(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Close tab</source>
        <translation>关闭标签页(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Commands…</source>
        <translation>命令(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Duplicate</source>
        <translation>创建副本(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Examples</source>
        <translation>示例(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Expand into its parts</source>
        <translation>展开为基本运算(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Export as</source>
        <translation>导出为(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Find in the graph…</source>
        <translation>在图中查找(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Fit all</source>
        <translation>显示全图(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Formula…</source>
        <translation>公式(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Frame the selection</source>
        <translation>给所选加框(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Graph</source>
        <translation>计算图(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Hint</source>
        <translation>提示(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;How to</source>
        <translation>使用说明(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Keep the answer</source>
        <translation>保留答案(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Keys and gestures</source>
        <translation>快捷键与手势(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;LaTeX…</source>
        <translation>&amp;LaTeX…</translation>
    </message>
    <message>
        <source>&amp;Lab</source>
        <translation>实验(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Labs that come along</source>
        <translation>自带的实验(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Load CSV…</source>
        <translation>载入 CSV(&amp;L)…</translation>
    </message>
    <message>
        <source>&amp;Minimap</source>
        <translation>缩略图(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Move tab to new window</source>
        <translation>将标签页移到新窗口(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Mute or unmute</source>
        <translation>屏蔽 / 取消屏蔽(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;New</source>
        <translation>新建(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Next blank</source>
        <translation>下一个空(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;NumPy, line by line…</source>
        <translation>&amp;NumPy，逐行代码…</translation>
    </message>
    <message>
        <source>&amp;Open lab…</source>
        <translation>打开实验(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Palette</source>
        <translation>节点面板(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Print…</source>
        <translation>打印(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;PyTorch module…</source>
        <translation>&amp;PyTorch 模块…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Remove frame</source>
        <translation>移除框(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Reset</source>
        <translation>重置(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Step</source>
        <translation>单步(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Submit…</source>
        <translation>提交(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>训练(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>A&amp;rrange</source>
        <translation>整理(&amp;R)</translation>
    </message>
    <message>
        <source>Add &amp;node…</source>
        <translation>添加节点(&amp;N)…</translation>
    </message>
    <message>
        <source>Add &amp;note</source>
        <translation>添加便签(&amp;N)</translation>
    </message>
    <message>
        <source>Add &amp;reroute</source>
        <translation>添加转接点(&amp;R)</translation>
    </message>
    <message>
        <source>Align &amp;bottom</source>
        <translation>底端对齐(&amp;B)</translation>
    </message>
    <message>
        <source>Align &amp;centres</source>
        <translation>水平居中对齐(&amp;C)</translation>
    </message>
    <message>
        <source>Align &amp;left</source>
        <translation>左对齐(&amp;L)</translation>
    </message>
    <message>
        <source>Align &amp;middles</source>
        <translation>垂直居中对齐(&amp;M)</translation>
    </message>
    <message>
        <source>Align &amp;right</source>
        <translation>右对齐(&amp;R)</translation>
    </message>
    <message>
        <source>Align &amp;top</source>
        <translation>顶端对齐(&amp;T)</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Choose &amp;output</source>
        <translation>选择输出(&amp;O)</translation>
    </message>
    <message>
        <source>Co&amp;llapse into one node</source>
        <translation>合并为一个节点(&amp;L)</translation>
    </message>
    <message>
        <source>Copy as &amp;formula</source>
        <translation>复制为公式(&amp;F)</translation>
    </message>
    <message>
        <source>Copy as p&amp;icture</source>
        <translation>复制为图片(&amp;I)</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>剪切(&amp;T)</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>De&amp;lete</source>
        <translation>删除(&amp;L)</translation>
    </message>
    <message>
        <source>Delete and &amp;bridge</source>
        <translation>删除并接通(&amp;B)</translation>
    </message>
    <message>
        <source>Distribute &amp;horizontally</source>
        <translation>横向等距分布(&amp;H)</translation>
    </message>
    <message>
        <source>Distribute &amp;vertically</source>
        <translation>纵向等距分布(&amp;V)</translation>
    </message>
    <message>
        <source>Duplicate with &amp;links</source>
        <translation>连同输入连线复制(&amp;L)</translation>
    </message>
    <message>
        <source>Export p&amp;icture…</source>
        <translation>导出图片(&amp;I)…</translation>
    </message>
    <message>
        <source>F&amp;old or unfold the frame</source>
        <translation>折叠或展开框(&amp;O)</translation>
    </message>
    <message>
        <source>Fill with &amp;example data</source>
        <translation>填入示例数据(&amp;E)</translation>
    </message>
    <message>
        <source>Find an &amp;operation</source>
        <translation>查找运算(&amp;O)</translation>
    </message>
    <message>
        <source>Fit &amp;selection</source>
        <translation>显示所选(&amp;S)</translation>
    </message>
    <message>
        <source>Go &amp;into the frame</source>
        <translation>进入框内(&amp;I)</translation>
    </message>
    <message>
        <source>Go o&amp;ut of the frame</source>
        <translation>退出框(&amp;U)</translation>
    </message>
    <message>
        <source>I&amp;nspector</source>
        <translation>检查器(&amp;N)</translation>
    </message>
    <message>
        <source>Lay out &amp;all</source>
        <translation>全部自动布局(&amp;A)</translation>
    </message>
    <message>
        <source>Lay out &amp;selection</source>
        <translation>所选节点自动布局(&amp;S)</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Ne&amp;xt tab</source>
        <translation>下一个标签页(&amp;X)</translation>
    </message>
    <message>
        <source>New &amp;window</source>
        <translation>新建窗口(&amp;W)</translation>
    </message>
    <message>
        <source>Next &amp;area</source>
        <translation>下一个区域(&amp;A)</translation>
    </message>
    <message>
        <source>No file was opened yet</source>
        <translation>还没有打开过文件</translation>
    </message>
    <message>
        <source>NumPy, a &amp;class for each op…</source>
        <translation>NumPy，每个算子一个类(&amp;C)…</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开的文件(&amp;R)</translation>
    </message>
    <message>
        <source>Pre&amp;vious tab</source>
        <translation>上一个标签页(&amp;V)</translation>
    </message>
    <message>
        <source>Previous ar&amp;ea</source>
        <translation>上一个区域(&amp;E)</translation>
    </message>
    <message>
        <source>Pro&amp;blems</source>
        <translation>问题(&amp;B)</translation>
    </message>
    <message>
        <source>Reduce &amp;motion</source>
        <translation>减少动态效果(&amp;M)</translation>
    </message>
    <message>
        <source>S&amp;lider of the leaf</source>
        <translation>叶节点滑块(&amp;L)</translation>
    </message>
    <message>
        <source>S&amp;wap inputs</source>
        <translation>交换输入(&amp;W)</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>全选(&amp;A)</translation>
    </message>
    <message>
        <source>Select &amp;upstream</source>
        <translation>选择上游(&amp;U)</translation>
    </message>
    <message>
        <source>Select do&amp;wnstream</source>
        <translation>选择下游(&amp;W)</translation>
    </message>
    <message>
        <source>Select paths &amp;between</source>
        <translation>选择两者之间的路径(&amp;B)</translation>
    </message>
    <message>
        <source>Snap to &amp;grid</source>
        <translation>对齐到网格(&amp;G)</translation>
    </message>
    <message>
        <source>Snap to &amp;neighbours</source>
        <translation>对齐到相邻节点(&amp;N)</translation>
    </message>
    <message>
        <source>T&amp;raining</source>
        <translation>训练面板(&amp;R)</translation>
    </message>
    <message>
        <source>The graph is empty</source>
        <translation>计算图是空的</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>{name}: {title}</source>
        <translation>{name}：{title}</translation>
    </message>
</context>
<context>
    <name>Minimap</name>
    <message>
        <source>Drag to see another part</source>
        <translation>拖动可查看图的其他部分</translation>
    </message>
    <message>
        <source>Minimap</source>
        <translation>缩略图</translation>
    </message>
</context>
<context>
    <name>NoteEditor</name>
    <message>
        <source>Markdown: **bold**, *italic*, # title, - list</source>
        <translation>Markdown：**粗体**、*斜体*、# 标题、- 列表</translation>
    </message>
</context>
<context>
    <name>Offers</name>
    <message>
        <source>Add formula</source>
        <translation>添加公式</translation>
    </message>
    <message>
        <source>Formula</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>Of this graph</source>
        <translation>本图自定义</translation>
    </message>
    <message>
        <source>One node</source>
        <translation>1 个节点</translation>
    </message>
    <message>
        <source>{about}, linked to {names}</source>
        <translation>{about}，连到 {names}</translation>
    </message>
    <message>
        <source>{about}; {name} is {node}</source>
        <translation>{about}；{name} 即 {node}</translation>
    </message>
    <message>
        <source>{count} nodes</source>
        <translation>{count} 个节点</translation>
    </message>
    <message>
        <source>{kind} {value}</source>
        <translation>{kind} {value}</translation>
    </message>
    <message>
        <source>{op} does not take {shape}</source>
        <translation>{op} 不接受 {shape}</translation>
    </message>
    <message>
        <source>{op} gives nothing that fits here</source>
        <translation>{op} 的结果不适合接在这里</translation>
    </message>
</context>
<context>
    <name>OpenItems</name>
    <message>
        <source>Still open: {items}. Submit all the same?</source>
        <translation>还没完成：{items}。仍然提交吗？</translation>
    </message>
</context>
<context>
    <name>Orders</name>
    <message>
        <source>A training is under way</source>
        <translation>训练正在进行</translation>
    </message>
    <message>
        <source>No training is under way</source>
        <translation>没有正在进行的训练</translation>
    </message>
    <message>
        <source>Nothing was trained yet</source>
        <translation>还没有训练过</translation>
    </message>
    <message>
        <source>The graph is empty</source>
        <translation>计算图是空的</translation>
    </message>
    <message>
        <source>There is nothing to redo</source>
        <translation>没有可重做的操作</translation>
    </message>
    <message>
        <source>There is nothing to undo</source>
        <translation>没有可撤销的操作</translation>
    </message>
    <message>
        <source>There is one tab only</source>
        <translation>只有一个标签页</translation>
    </message>
</context>
<context>
    <name>Overlays</name>
    <message>
        <source>Name of {name}</source>
        <translation>{name} 的名称</translation>
    </message>
    <message>
        <source>Value of {name}</source>
        <translation>{name} 的值</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>No node is called that.</source>
        <translation>没有叫这个名字的节点。</translation>
    </message>
    <message>
        <source>Search nodes</source>
        <translation>搜索节点</translation>
    </message>
    <message>
        <source>Search nodes (Tab)</source>
        <translation>搜索节点（Tab）</translation>
    </message>
    <message>
        <source>There is nothing to build in this lab.</source>
        <translation>这个实验不需要搭图。</translation>
    </message>
</context>
<context>
    <name>PictureDialog</name>
    <message>
        <source>As</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Export picture</source>
        <translation>导出图片</translation>
    </message>
    <message>
        <source>PDF, for LaTeX and for print</source>
        <translation>PDF，用于 LaTeX 和打印</translation>
    </message>
    <message>
        <source>PNG, pixels</source>
        <translation>PNG，像素图</translation>
    </message>
    <message>
        <source>Picture of</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>SVG, for the web and for drawing programs</source>
        <translation>SVG，用于网页和绘图软件</translation>
    </message>
    <message>
        <source>Size of a pixel picture</source>
        <translation>像素图比例</translation>
    </message>
    <message>
        <source>TikZ, source for LaTeX</source>
        <translation>TikZ，LaTeX 源代码</translation>
    </message>
    <message>
        <source>as on the screen</source>
        <translation>与屏幕相同</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>the selection ({count} nodes)</source>
        <translation>所选部分（{count} 个节点）</translation>
    </message>
    <message>
        <source>the whole graph</source>
        <translation>整个图</translation>
    </message>
    <message>
        <source>transparent background</source>
        <translation>透明背景</translation>
    </message>
</context>
<context>
    <name>PlaybackBar</name>
    <message>
        <source>Backward {step} / {count}</source>
        <translation>反向 {step} / {count}</translation>
    </message>
    <message>
        <source>Forward {step} / {count}</source>
        <translation>前向 {step} / {count}</translation>
    </message>
    <message>
        <source>One step back</source>
        <translation>后退一步</translation>
    </message>
    <message>
        <source>One step forward</source>
        <translation>前进一步</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play the walk, step by step</source>
        <translation>逐步播放</translation>
    </message>
    <message>
        <source>Step of the walk</source>
        <translation>当前步骤</translation>
    </message>
    <message>
        <source>To the beginning: only the leaves are known</source>
        <translation>回到开头：只有叶子节点是已知的</translation>
    </message>
    <message>
        <source>To the end: everything is shown</source>
        <translation>跳到结尾：全部显示</translation>
    </message>
</context>
<context>
    <name>ProblemsPanel</name>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>No problems were found.</source>
        <translation>没有发现问题。</translation>
    </message>
    <message>
        <source>One step that can be undone</source>
        <translation>一步即可撤销</translation>
    </message>
    <message>
        <source>Other fixes</source>
        <translation>其他修复方法</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Problems {count}</source>
        <translation>问题 {count}</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <translation>查找范围(&amp;L)：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>Rewiring</name>
    <message>
        <source>Add reroute</source>
        <translation>添加转接点</translation>
    </message>
    <message>
        <source>Cut links</source>
        <translation>剪断连线</translation>
    </message>
    <message>
        <source>Delete and bridge</source>
        <translation>删除并接通</translation>
    </message>
    <message>
        <source>Duplicate with links</source>
        <translation>连同输入连线复制</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>屏蔽</translation>
    </message>
    <message>
        <source>Remove link</source>
        <translation>删除连线</translation>
    </message>
    <message>
        <source>Swap inputs</source>
        <translation>交换输入</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>取消屏蔽</translation>
    </message>
</context>
<context>
    <name>SettingsForm</name>
    <message>
        <source>all axes</source>
        <translation>所有轴</translation>
    </message>
    <message>
        <source>in reverse order</source>
        <translation>倒序</translation>
    </message>
    <message>
        <source>such as 0, 1:3</source>
        <translation>例如 0, 1:3</translation>
    </message>
    <message>
        <source>such as 3, -1</source>
        <translation>例如 3, -1</translation>
    </message>
    <message>
        <source>such as ij,jk-&gt;ik</source>
        <translation>例如 ij,jk-&gt;ik</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>Keys and gestures</source>
        <translation>快捷键与手势</translation>
    </message>
    <message>
        <source>No key does that.</source>
        <translation>没有这样的快捷键。</translation>
    </message>
    <message>
        <source>On the canvas</source>
        <translation>画布上的按键</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>打印…</translation>
    </message>
    <message>
        <source>Search for a key or for what it does</source>
        <translation>搜索按键或功能</translation>
    </message>
    <message>
        <source>With the mouse on the canvas</source>
        <translation>画布上的鼠标操作</translation>
    </message>
</context>
<context>
    <name>Spoken</name>
    <message>
        <source>1 node</source>
        <translation>1 个节点</translation>
    </message>
    <message>
        <source>Backward {step} of {count}: {node}</source>
        <translation>反向第 {step} 步，共 {count} 步：{node}</translation>
    </message>
    <message>
        <source>Forward {step} of {count}: {node}</source>
        <translation>前向第 {step} 步，共 {count} 步：{node}</translation>
    </message>
    <message>
        <source>edge from {source} to {target}</source>
        <translation>从 {source} 到 {target} 的边</translation>
    </message>
    <message>
        <source>edge from {source} to {target}, port {port}</source>
        <translation>从 {source} 到 {target} 的边，端口 {port}</translation>
    </message>
    <message>
        <source>folded frame</source>
        <translation>已折叠的框</translation>
    </message>
    <message>
        <source>frame</source>
        <translation>框</translation>
    </message>
    <message>
        <source>gradient of shape {number}</source>
        <translation>梯度的形状 {number}</translation>
    </message>
    <message>
        <source>gradient {number}</source>
        <translation>梯度 {number}</translation>
    </message>
    <message>
        <source>input {names}</source>
        <translation>输入 {names}</translation>
    </message>
    <message>
        <source>inputs {names}</source>
        <translation>输入 {names}</translation>
    </message>
    <message>
        <source>nodes with a problem: {count}</source>
        <translation>有问题的节点：{count} 个</translation>
    </message>
    <message>
        <source>not connected: {ports}</source>
        <translation>未连接：{ports}</translation>
    </message>
    <message>
        <source>note</source>
        <translation>便签</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>tangent of shape {number}</source>
        <translation>切向量的形状 {number}</translation>
    </message>
    <message>
        <source>tangent {number}</source>
        <translation>切向量 {number}</translation>
    </message>
    <message>
        <source>value of shape {number}</source>
        <translation>值的形状 {number}</translation>
    </message>
    <message>
        <source>value {number}</source>
        <translation>值 {number}</translation>
    </message>
    <message>
        <source>{before}, {after}</source>
        <translation>{before}，{after}</translation>
    </message>
    <message>
        <source>{count} nodes</source>
        <translation>{count} 个节点</translation>
    </message>
    <message>
        <source>{names} and {count} more</source>
        <translation>{names} 以及另外 {count} 个</translation>
    </message>
    <message>
        <source>{names} and {last}</source>
        <translation>{names} 和 {last}</translation>
    </message>
    <message>
        <source>{names}, {name}</source>
        <translation>{names}、{name}</translation>
    </message>
    <message>
        <source>{nodes} nodes, {edges} edges</source>
        <translation>{nodes} 个节点，{edges} 条边</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>1 edge</source>
        <translation>1 条边</translation>
    </message>
    <message>
        <source>1 error</source>
        <translation>1 个错误</translation>
    </message>
    <message>
        <source>1 node</source>
        <translation>1 个节点</translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation>1 个警告</translation>
    </message>
    <message>
        <source>Numbers are computed in double precision</source>
        <translation>以双精度计算</translation>
    </message>
    <message>
        <source>Shows the list of problems</source>
        <translation>显示问题列表</translation>
    </message>
    <message>
        <source>Switches between English and Chinese</source>
        <translation>在英文与中文之间切换</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>saved {time}</source>
        <translation>已保存 {time}</translation>
    </message>
    <message>
        <source>unsaved changes</source>
        <translation>有未保存的修改</translation>
    </message>
    <message>
        <source>{count} edges</source>
        <translation>{count} 条边</translation>
    </message>
    <message>
        <source>{count} errors</source>
        <translation>{count} 个错误</translation>
    </message>
    <message>
        <source>{count} nodes</source>
        <translation>{count} 个节点</translation>
    </message>
    <message>
        <source>{count} warnings</source>
        <translation>{count} 个警告</translation>
    </message>
</context>
<context>
    <name>StudentDialog</name>
    <message>
        <source>Begin</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Open lab</source>
        <translation>打开实验</translation>
    </message>
    <message>
        <source>Student id</source>
        <translation>学号</translation>
    </message>
    <message>
        <source>Your id gives you numbers of your own.</source>
        <translation>学号决定你自己的那组数。</translation>
    </message>
</context>
<context>
    <name>Summary</name>
    <message>
        <source>An empty graph</source>
        <translation>空的计算图</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Drag a node from the left onto the canvas, or type a formula above, such as
f = (x + y) * z
and press Enter. File ▸ Examples has graphs that are ready to look at.</source>
        <translation>从左侧把节点拖到画布上，或在上方输入公式，例如
f = (x + y) * z
然后按回车。“文件 ▸ 示例”里有现成的计算图。</translation>
    </message>
    <message>
        <source>LEAVES</source>
        <translation>叶子节点</translation>
    </message>
    <message>
        <source>No output chosen</source>
        <translation>尚未选择输出</translation>
    </message>
    <message>
        <source>OUTPUT</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>On each edge stands its value, in green, and below it in red the gradient that flows back along it. Select a node to see the chain rule there, with its numbers.</source>
        <translation>每条边上，绿色的是前向的值，它下方红色的是沿这条边回传的梯度。选中一个节点，可以看到该处带数值的链式法则。</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>另有 {count} 个</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
</context>
<context>
    <name>Tabs</name>
    <message>
        <source>Close tab</source>
        <translation>关闭标签页</translation>
    </message>
    <message>
        <source>Close the other tabs</source>
        <translation>关闭其他标签页</translation>
    </message>
    <message>
        <source>Move to a new window</source>
        <translation>移到新窗口</translation>
    </message>
    <message>
        <source>Open graphs</source>
        <translation>打开的计算图</translation>
    </message>
    <message>
        <source>{name}, unsaved changes</source>
        <translation>{name}，有未保存的更改</translation>
    </message>
</context>
<context>
    <name>Tidying</name>
    <message>
        <source>Align</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Distribute</source>
        <translation>等距分布</translation>
    </message>
    <message>
        <source>Lay out</source>
        <translation>自动布局</translation>
    </message>
</context>
<context>
    <name>TrainingPanel</name>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Brings back the weights before the first step</source>
        <translation>恢复第一步之前的权重</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Does one step</source>
        <translation>训练一步</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Load CSV…</source>
        <translation>载入 CSV…</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>单步</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>The loss is growing: the learning rate may be too large.</source>
        <translation>损失在不断增大：学习率可能太大。</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Training stopped after 1 step.</source>
        <translation>训练在 1 步后停止。</translation>
    </message>
    <message>
        <source>Training stopped after {count} steps.</source>
        <translation>训练在 {count} 步后停止。</translation>
    </message>
    <message>
        <source>Training…</source>
        <translation>正在训练…</translation>
    </message>
    <message>
        <source>What you typed meanwhile stays: {names}.</source>
        <translation>训练期间手动修改的值保持不变：{names}。</translation>
    </message>
    <message>
        <source>all rows</source>
        <translation>所有行</translation>
    </message>
    <message>
        <source>no leaf is named as data</source>
        <translation>没有标为数据的叶子节点</translation>
    </message>
    <message>
        <source>step {step} / {count} · {rate} steps/s</source>
        <translation>第 {step} / {count} 步 · 每秒 {rate} 步</translation>
    </message>
    <message>
        <source>▶ Train</source>
        <translation>▶ 训练</translation>
    </message>
</context>
<context>
    <name>TrainingSession</name>
    <message>
        <source>Reset the weights</source>
        <translation>重置权重</translation>
    </message>
    <message>
        <source>Train 1 step</source>
        <translation>训练 1 步</translation>
    </message>
    <message>
        <source>Train {count} steps</source>
        <translation>训练 {count} 步</translation>
    </message>
</context>
<context>
    <name>UnsavedChanges</name>
    <message>
        <source>Save the changes to {title}?</source>
        <translation>要保存对“{title}”的修改吗？</translation>
    </message>
    <message>
        <source>Without saving, they are lost.</source>
        <translation>不保存的话，这些修改将会丢失。</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>en</source>
        <translation>zh</translation>
    </message>
    <message>
        <source>{reason}. An array is typed as [[1, 2], [3, 4]], or edited with Table…</source>
        <translation>{reason}。数组可写成 [[1, 2], [3, 4]]，或用“表格…”编辑</translation>
    </message>
</context>
<context>
    <name>_Rows</name>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>message</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>severity</source>
        <translation>严重程度</translation>
    </message>
</context>
<context>
    <name>core</name>
    <message>
        <source> in “{field}”</source>
        <translation>在“{field}”中，</translation>
    </message>
    <message>
        <source>% is not part of a formula</source>
        <translation>公式里不能用 %</translation>
    </message>
    <message>
        <source>* in front of an argument is not part of a formula</source>
        <translation>公式里不能在参数前面加 *</translation>
    </message>
    <message>
        <source>... stands for a port that nothing feeds</source>
        <translation>... 表示没有连接的端口</translation>
    </message>
    <message>
        <source>// is not part of a formula</source>
        <translation>公式里不能用 //</translation>
    </message>
    <message>
        <source>Add {number} to {source}</source>
        <translation>给 {source} 加上 {number}</translation>
    </message>
    <message>
        <source>All of it is right.</source>
        <translation>全部正确。</translation>
    </message>
    <message>
        <source>By item</source>
        <translation>各题情况</translation>
    </message>
    <message>
        <source>Choose {source} as output</source>
        <translation>选 {source} 为输出</translation>
    </message>
    <message>
        <source>Commonest mistakes</source>
        <translation>最常见的错误</translation>
    </message>
    <message>
        <source>Give all {count} matrices Glorot&apos;s variance, 2 / (rows + columns)</source>
        <translation>把全部 {count} 个矩阵缩放到 Glorot 方差 2 /（行数 + 列数）</translation>
    </message>
    <message>
        <source>Give its input {port} a leaf of its own, {shape}</source>
        <translation>给它的输入 {port} 新建一个叶子节点，形状 {shape}</translation>
    </message>
    <message>
        <source>Identical work</source>
        <translation>雷同的作业</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>这是一个文件夹</translation>
    </message>
    <message>
        <source>Keep {source} at {number} at least</source>
        <translation>让 {source} 不小于 {number}</translation>
    </message>
    <message>
        <source>Keep {source} at {number} at most</source>
        <translation>让 {source} 不大于 {number}</translation>
    </message>
    <message>
        <source>Leave the setting {setting} of {source} to its default</source>
        <translation>把 {source} 的设置 {setting} 恢复为默认值</translation>
    </message>
    <message>
        <source>Link {source} to its input {port}</source>
        <translation>把 {source} 连到它的输入 {port}</translation>
    </message>
    <message>
        <source>Make {source} a leaky ReLU</source>
        <translation>把 {source} 换成 leaky ReLU</translation>
    </message>
    <message>
        <source>Make {source} a parameter</source>
        <translation>把 {source} 设为参数</translation>
    </message>
    <message>
        <source>Make {source} an ELU</source>
        <translation>把 {source} 换成 ELU</translation>
    </message>
    <message>
        <source>Multiply {source} by {number}</source>
        <translation>把 {source} 乘以 {number}</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>磁盘空间不足</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>没有这个文件或文件夹</translation>
    </message>
    <message>
        <source>Noted. It is judged when the work is graded.</source>
        <translation>已记下，评分时再判断。</translation>
    </message>
    <message>
        <source>Nothing has changed since, so this did not cost an attempt.</source>
        <translation>自上次检查以来没有改动，因此没有消耗次数。</translation>
    </message>
    <message>
        <source>NumPy divides by n here and PyTorch by n − 1: write var(x, correction=0)</source>
        <translation>这里 NumPy 除以 n，PyTorch 除以 n − 1：请写 var(x, correction=0)</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>Put mean after {source}</source>
        <translation>在 {source} 之后加上求平均</translation>
    </message>
    <message>
        <source>Put sum after {source}</source>
        <translation>在 {source} 之后加上求和</translation>
    </message>
    <message>
        <source>PyTorch swaps axes here, NumPy keeps them: write .T or transpose(x, axes=(1, 0))</source>
        <translation>这种写法在 PyTorch 里交换轴，在 NumPy 里不变：请写 .T 或 transpose(x, axes=(1, 0))</translation>
    </message>
    <message>
        <source>PyTorch takes the indices first: write embedding(table, indices)</source>
        <translation>PyTorch 把索引放在前面：请写 embedding(table, indices)</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>文件系统是只读的</translation>
    </message>
    <message>
        <source>Remove all {count} unused nodes</source>
        <translation>删除全部 {count} 个未用到的节点</translation>
    </message>
    <message>
        <source>Remove {source} and what feeds only it</source>
        <translation>删除 {source} 以及只供给它的节点</translation>
    </message>
    <message>
        <source>Replace all {count} sigmoid by tanh</source>
        <translation>把全部 {count} 个 sigmoid 换成 tanh</translation>
    </message>
    <message>
        <source>Reshape {source} to {shape}</source>
        <translation>把 {source} 变形为 {shape}</translation>
    </message>
    <message>
        <source>Set {source} to 1</source>
        <translation>把 {source} 设为 1</translation>
    </message>
    <message>
        <source>Students</source>
        <translation>学生</translation>
    </message>
    <message>
        <source>Swap the inputs of {source}</source>
        <translation>交换 {source} 的两个输入</translation>
    </message>
    <message>
        <source>The answer before it is right.</source>
        <translation>它前面的那一处是对的。</translation>
    </message>
    <message>
        <source>The id cannot begin or end with a dot.</source>
        <translation>学号不能以点开头或结尾。</translation>
    </message>
    <message>
        <source>The id cannot hold “{character}”: it is a part of the file that is handed in.</source>
        <translation>学号中不能有“{character}”：它要写进上交的文件名。</translation>
    </message>
    <message>
        <source>The id holds a character that cannot be seen.</source>
        <translation>学号中有看不见的字符。</translation>
    </message>
    <message>
        <source>The id is too long for the name of a file.</source>
        <translation>学号太长，放不进文件名。</translation>
    </message>
    <message>
        <source>The same graph or formulas under whatever names and layout. Small ones coincide by chance.</source>
        <translation>不论命名和布局，图或公式相同。规模小的可能是巧合。</translation>
    </message>
    <message>
        <source>The {count} answers before it are right.</source>
        <translation>它前面的 {count} 处都是对的。</translation>
    </message>
    <message>
        <source>This did not cost an attempt.</source>
        <translation>这次不算作一次尝试。</translation>
    </message>
    <message>
        <source>Transpose both inputs of {source}</source>
        <translation>转置 {source} 的两个输入</translation>
    </message>
    <message>
        <source>Transpose {source}</source>
        <translation>转置 {source}</translation>
    </message>
    <message>
        <source>Where to look first</source>
        <translation>先看这里</translation>
    </message>
    <message>
        <source>^ is not a power here: write **</source>
        <translation>^ 在这里不表示幂：请写 **</translation>
    </message>
    <message>
        <source>a choice needs two options or more, each with an id of letters</source>
        <translation>选择题至少需要两个选项，每个选项要有由字母组成的 id</translation>
    </message>
    <message>
        <source>a circle in a circle</source>
        <translation>同心圆</translation>
    </message>
    <message>
        <source>a dot leads links that come from one node</source>
        <translation>一个转接点只能接来自同一节点的连线</translation>
    </message>
    <message>
        <source>a draw from low to high needs 1 to a million steps</source>
        <translation>从 low 到 high 抽取需要 1 到一百万步</translation>
    </message>
    <message>
        <source>a draw must leave at least one number</source>
        <translation>抽取时至少要留下一个数</translation>
    </message>
    <message>
        <source>a draw needs values, or low, high and a step above 0</source>
        <translation>抽取数值需要 values，或者 low、high 和大于 0 的 step</translation>
    </message>
    <message>
        <source>a finite number</source>
        <translation>有限的数</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>a list holds numbers only, or lists of them</source>
        <translation>列表里只能是数，或由数组成的列表</translation>
    </message>
    <message>
        <source>a negative number to a fractional power, or zero to a negative one</source>
        <translation>负数的分数次幂，或零的负数次幂</translation>
    </message>
    <message>
        <source>a noisy line</source>
        <translation>带噪声的直线</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数</translation>
    </message>
    <message>
        <source>a number above 0</source>
        <translation>大于 0 的数</translation>
    </message>
    <message>
        <source>a number ends where letters begin: write 2*x for a product</source>
        <translation>数的后面不能直接跟字母：乘积请写成 2*x</translation>
    </message>
    <message>
        <source>a number from 0 to below 1</source>
        <translation>大于等于 0 且小于 1 的数</translation>
    </message>
    <message>
        <source>a number has too many digits</source>
        <translation>有一个数的位数太多了</translation>
    </message>
    <message>
        <source>a product swaps its inputs: the gradient of one is the upstream times the other</source>
        <translation>乘法会交换输入：一个输入的梯度是上游梯度乘以另一个输入</translation>
    </message>
    <message>
        <source>a setting is a number, True, False, None or (1, 2)</source>
        <translation>设置项的值是数、True、False、None 或 (1, 2)</translation>
    </message>
    <message>
        <source>a step is computed in float64 or float32</source>
        <translation>训练以 float64 或 float32 计算</translation>
    </message>
    <message>
        <source>a table shows one or two axes: choose “Nested lists” for shape {shape}</source>
        <translation>表格只能显示一个或两个轴：形状 {shape} 请选择“嵌套列表”</translation>
    </message>
    <message>
        <source>a text must be there in both languages, en and zh</source>
        <translation>文字必须中英文（en 和 zh）都有</translation>
    </message>
    <message>
        <source>a transpose is missing or too much: the gradient of an array has its shape, and there is one way in which the shapes work out</source>
        <translation>少了或多了一个转置：数组的梯度和它形状相同，只有一种方式能使形状吻合</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a whole number (at most 2147483648)</source>
        <translation>整数（最大 2147483648）</translation>
    </message>
    <message>
        <source>a whole number from {least} to {most}</source>
        <translation>{least} 到 {most} 的整数</translation>
    </message>
    <message>
        <source>after {steps} steps the loss is {loss}; {target} is asked</source>
        <translation>{steps} 步之后损失为 {loss}；要求达到 {target}</translation>
    </message>
    <message>
        <source>all of it right</source>
        <translation>全部正确</translation>
    </message>
    <message>
        <source>all of this task is right already</source>
        <translation>这个任务已经全部正确</translation>
    </message>
    <message>
        <source>allowed operations</source>
        <translation>允许的运算</translation>
    </message>
    <message>
        <source>an array has at most {most} axes</source>
        <translation>数组最多有 {most} 个轴</translation>
    </message>
    <message>
        <source>an equation of two arrays, such as ij,jk-&gt;ik, with no letter twice in one array</source>
        <translation>两个数组的下标式，例如 ij,jk-&gt;ik，且同一个数组里没有重复的字母</translation>
    </message>
    <message>
        <source>an index is a whole number or a part such as 1:3</source>
        <translation>索引是整数，或 1:3 这样的切片</translation>
    </message>
    <message>
        <source>an index such as 0, 1:3</source>
        <translation>索引，例如 0, 1:3</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>an op needs inputs, none called out, g or forward</source>
        <translation>运算需要输入，且不能叫 out、g 或 forward</translation>
    </message>
    <message>
        <source>and, or are not part of a formula: multiply conditions, or use max</source>
        <translation>公式里不能用 and、or：请把条件相乘，或者用 max</translation>
    </message>
    <message>
        <source>another operation computed</source>
        <translation>算成了别的运算</translation>
    </message>
    <message>
        <source>another operation was computed here than the one in the node</source>
        <translation>这里算的不是节点中的那种运算</translation>
    </message>
    <message>
        <source>answer the tasks that ask for these numbers first, or keep your answers</source>
        <translation>请先完成问到这些数的题目，或保留你的答案</translation>
    </message>
    <message>
        <source>at least one attempt is needed</source>
        <translation>至少要允许一次尝试</translation>
    </message>
    <message>
        <source>at most 32 whole numbers</source>
        <translation>最多 32 个整数</translation>
    </message>
    <message>
        <source>averaged at a fan-out</source>
        <translation>在扇出处取了平均</translation>
    </message>
    <message>
        <source>axes {axes} must name each axis of x {shape} once</source>
        <translation>axes {axes} 必须把 x {shape} 的每个轴各列出一次</translation>
    </message>
    <message>
        <source>axis {axis} does not fit: {port} is {shape}, with {ndim} axes, counted from 0</source>
        <translation>轴 {axis} 不合适：{port} 的形状是 {shape}，共 {ndim} 个轴，从 0 数起</translation>
    </message>
    <message>
        <source>axis {axis} of x {shape} is not of size 1 and cannot be dropped</source>
        <translation>x {shape} 的轴 {axis} 大小不是 1，无法去掉</translation>
    </message>
    <message>
        <source>blocks (if, for, def, …) are not formulas</source>
        <translation>语句块（if、for、def 等）不是公式</translation>
    </message>
    <message>
        <source>build a graph</source>
        <translation>搭建计算图</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法识别</translation>
    </message>
    <message>
        <source>case {number} is not what the formula gives</source>
        <translation>第 {number} 个例子与公式算出的不符</translation>
    </message>
    <message>
        <source>case {number}: {said}</source>
        <translation>第 {number} 个例子：{said}</translation>
    </message>
    <message>
        <source>choice</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>选择题</translation>
    </message>
    <message>
        <source>choose from: {options}</source>
        <translation>请从这些选项中选：{options}</translation>
    </message>
    <message>
        <source>classes must be at least 1, not {classes}</source>
        <translation>classes 至少为 1，而不是 {classes}</translation>
    </message>
    <message>
        <source>compare two at a time: (a &lt; b) * (b &lt; c)</source>
        <translation>每次只能比较两个数：(a &lt; b) * (b &lt; c)</translation>
    </message>
    <message>
        <source>correction must be 0 or 1, and is {correction}</source>
        <translation>correction 必须是 0 或 1，而这里是 {correction}</translation>
    </message>
    <message>
        <source>degrees taken for radians</source>
        <translation>把弧度当成了角度</translation>
    </message>
    <message>
        <source>division by zero</source>
        <translation>除数为零</translation>
    </message>
    <message>
        <source>due must be a time with its zone, such as 2026-03-20T23:59:00+08:00</source>
        <translation>due 必须是带时区的时间，如 2026-03-20T23:59:00+08:00</translation>
    </message>
    <message>
        <source>entered</source>
        <translation>填写内容</translation>
    </message>
    <message>
        <source>eps must be more than 0, and is {eps}</source>
        <translation>eps 必须大于 0，而这里是 {eps}</translation>
    </message>
    <message>
        <source>error</source>
        <translation>出错</translation>
    </message>
    <message>
        <source>exclusive or</source>
        <translation>异或</translation>
    </message>
    <message>
        <source>factor of a power forgotten</source>
        <translation>漏掉了幂的系数</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>未通过</translation>
    </message>
    <message>
        <source>for is not part of a formula: an op works on all entries of an array</source>
        <translation>公式里不能用 for：算子会作用于数组的所有元素</translation>
    </message>
    <message>
        <source>for {places} it gives {given}, and should give {wanted}</source>
        <translation>当 {places} 时得到 {given}，应为 {wanted}</translation>
    </message>
    <message>
        <source>formula</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>forward mode asks which leaf moves; “{wrt}” is none</source>
        <translation>前向模式要指定哪个叶子节点在变化，而“{wrt}”不是叶子节点</translation>
    </message>
    <message>
        <source>frame {frame}: {said}</source>
        <translation>框 {frame}：{said}</translation>
    </message>
    <message>
        <source>function given as its own derivative</source>
        <translation>把函数本身当成了导数</translation>
    </message>
    <message>
        <source>functions cannot be defined in a formula</source>
        <translation>公式里不能定义函数</translation>
    </message>
    <message>
        <source>give a formula</source>
        <translation>写出公式</translation>
    </message>
    <message>
        <source>give a number</source>
        <translation>写出数值</translation>
    </message>
    <message>
        <source>gradient added instead of subtracted</source>
        <translation>加上了梯度，而不是减去</translation>
    </message>
    <message>
        <source>gradient given instead of the step</source>
        <translation>把梯度当成了更新后的值</translation>
    </message>
    <message>
        <source>gradient sent to the loser of a max</source>
        <translation>把梯度送给了 max 中较小的输入</translation>
    </message>
    <message>
        <source>gradients that come back from several uses are added, not averaged</source>
        <translation>从多处流回的梯度要相加，不是取平均</translation>
    </message>
    <message>
        <source>handed in late (days: {days})</source>
        <translation>迟交（{days} 天）</translation>
    </message>
    <message>
        <source>here the mask is an input, so that it can be seen: write dropout(x, mask)</source>
        <translation>这里的掩码是一个输入，这样才看得见：请写 dropout(x, mask)</translation>
    </message>
    <message>
        <source>here the value of the node stands for its local derivative, which is another function</source>
        <translation>这里用节点的值代替了局部导数，而它的导数是另一个函数</translation>
    </message>
    <message>
        <source>hints taken: {count}; they cost {price}</source>
        <translation>用了 {count} 条提示，扣 {price} 分</translation>
    </message>
    <message>
        <source>if … else is not part of a formula: use where(condition, x, y)</source>
        <translation>公式里不能用 if … else：请用 where(condition, x, y)</translation>
    </message>
    <message>
        <source>index {item} is outside axis {axis} of x {shape}</source>
        <translation>索引 {item} 超出了 x {shape} 的轴 {axis}</translation>
    </message>
    <message>
        <source>inputs of a product not swapped</source>
        <translation>乘法的输入没有交换</translation>
    </message>
    <message>
        <source>it cannot be judged ({kind})</source>
        <translation>无法评判（{kind}）</translation>
    </message>
    <message>
        <source>it counts once the graph computes what is asked</source>
        <translation>等计算图算出所要求的结果后才计分</translation>
    </message>
    <message>
        <source>it does not agree with the differences of the forward formula everywhere</source>
        <translation>它并非处处与前向公式的差分一致</translation>
    </message>
    <message>
        <source>it does not compute what is asked in all cases</source>
        <translation>它不是在所有情形下都算出所要求的结果</translation>
    </message>
    <message>
        <source>it has neither a value nor a formula</source>
        <translation>它既没有数值也没有公式</translation>
    </message>
    <message>
        <source>it has no value at some of the places where it is tried</source>
        <translation>它在某些试算的地方没有值</translation>
    </message>
    <message>
        <source>it is no object with a text</source>
        <translation>它不是带有文字的对象</translation>
    </message>
    <message>
        <source>it is no object with an op</source>
        <translation>它不是含有 op 的对象</translation>
    </message>
    <message>
        <source>it is no object with formulas</source>
        <translation>它不是含有公式的对象</translation>
    </message>
    <message>
        <source>it is no object with nodes</source>
        <translation>它不是带有节点的对象</translation>
    </message>
    <message>
        <source>it is too long for a formula: more than {most} MB</source>
        <translation>作为公式太长：超过 {most} MB</translation>
    </message>
    <message>
        <source>it lies in itself</source>
        <translation>它位于自身之内</translation>
    </message>
    <message>
        <source>it lies too far out</source>
        <translation>它的位置太远了</translation>
    </message>
    <message>
        <source>it needs 1 to 100 items</source>
        <translation>需要 1 到 100 道题</translation>
    </message>
    <message>
        <source>it takes {count} nodes; {most} are enough</source>
        <translation>用了 {count} 个节点；{most} 个就够了</translation>
    </message>
    <message>
        <source>it was made with another edition of the exercise</source>
        <translation>它是用这个练习的另一个版本做的</translation>
    </message>
    <message>
        <source>item</source>
        <translation>题目</translation>
    </message>
    <message>
        <source>item {item}: a hint names the right option and no other</source>
        <translation>题目 {item}：提示里只提到了正确的选项</translation>
    </message>
    <message>
        <source>item {item}: at least one attempt is needed</source>
        <translation>题目 {item}：至少要允许一次尝试</translation>
    </message>
    <message>
        <source>item {item}: it is solved in what is handed out</source>
        <translation>题目 {item}：在要发放的文件里已经做好了</translation>
    </message>
    <message>
        <source>item {item}: points must be above 0, and hints cost no more than these</source>
        <translation>题目 {item}：分值必须大于 0，且提示的价格不能超过分值</translation>
    </message>
    <message>
        <source>item {item}: the answer “{text}” of the key stands in it</source>
        <translation>题目 {item}：练习文件里出现了答案“{text}”</translation>
    </message>
    <message>
        <source>item {item}: zeros in all blanks earn {points} of {most} points, as for student “{student}”</source>
        <translation>题目 {item}：所有空都填 0 可得 {points} 分（满分 {most}），例如学生“{student}”</translation>
    </message>
    <message>
        <source>item {item}: {said}</source>
        <translation>题目 {item}：{said}</translation>
    </message>
    <message>
        <source>item {number} is of no known kind; there are: {kinds}</source>
        <translation>第 {number} 题的类型未知；可用的有：{kinds}</translation>
    </message>
    <message>
        <source>item {number}: its id must be letters, digits, _ and -</source>
        <translation>第 {number} 题：id 只能由字母、数字、_ 和 - 组成</translation>
    </message>
    <message>
        <source>its graph carries “{field}” along: take that out</source>
        <translation>它的计算图里带着“{field}”，请删去</translation>
    </message>
    <message>
        <source>its id must be letters, digits, _ and -</source>
        <translation>它的 id 只能由字母、数字、_ 和 - 组成</translation>
    </message>
    <message>
        <source>its lists are not of equal length, or of numbers</source>
        <translation>其中的列表长度不一，或含有非数字</translation>
    </message>
    <message>
        <source>its log of attempts and hints was edited (a sign, no proof)</source>
        <translation>作答与提示的记录被改动过（只是迹象，不是证据）</translation>
    </message>
    <message>
        <source>its name is not in normal form (NFKC)</source>
        <translation>它的名称不是规范形式（NFKC）</translation>
    </message>
    <message>
        <source>its numbers are the variant of {student}</source>
        <translation>其中的数是 {student} 的那一份</translation>
    </message>
    <message>
        <source>its place or its size is out of bounds</source>
        <translation>它的位置或大小超出了范围</translation>
    </message>
    <message>
        <source>its text is longer than {most} characters</source>
        <translation>文字超过了 {most} 个字符</translation>
    </message>
    <message>
        <source>its title must be one line of at most {most} characters</source>
        <translation>标题只能是一行，且不超过 {most} 个字符</translation>
    </message>
    <message>
        <source>its value has an unknown dtype</source>
        <translation>它的值的 dtype 未知</translation>
    </message>
    <message>
        <source>its value holds more or fewer numbers than its shape says</source>
        <translation>它的值里数的个数与形状不符</translation>
    </message>
    <message>
        <source>its value holds something that is no number</source>
        <translation>它的值里有不是数的内容</translation>
    </message>
    <message>
        <source>its value is damaged</source>
        <translation>它的值已损坏</translation>
    </message>
    <message>
        <source>judging it took longer than {limit} s of processor time</source>
        <translation>评判用时超过 {limit} 秒（处理器时间）</translation>
    </message>
    <message>
        <source>judging it took longer than {limit} s on the clock</source>
        <translation>评判用时超过 {limit} 秒（实际时间）</translation>
    </message>
    <message>
        <source>judging it took more than {limit} MB of memory</source>
        <translation>评判占用的内存超过 {limit} MB</translation>
    </message>
    <message>
        <source>judging it tried to use: {what}</source>
        <translation>评判时试图使用：{what}</translation>
    </message>
    <message>
        <source>kernel is {kernel} and x is {x}: kernel must be (o, {channels}, kh, kw): results, channels of x, rows, columns</source>
        <translation>kernel 的形状是 {kernel}，x 的形状是 {x}：kernel 必须是 (o, {channels}, kh, kw)，即输出通道、x 的通道、行、列</translation>
    </message>
    <message>
        <source>kernel_size must be at least 1, and is {size}</source>
        <translation>kernel_size 至少为 1，而这里是 {size}</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>learning rate forgotten</source>
        <translation>漏了学习率</translation>
    </message>
    <message>
        <source>left blank</source>
        <translation>空着</translation>
    </message>
    <message>
        <source>line {line}, column {column}: a nested list such as [[1, 2], [3, 4]]</source>
        <translation>第 {line} 行第 {column} 列：应为嵌套列表，例如 [[1, 2], [3, 4]]</translation>
    </message>
    <message>
        <source>line {line}, column {column}: {said}</source>
        <translation>第 {line} 行第 {column} 列：{said}</translation>
    </message>
    <message>
        <source>local derivative forgotten</source>
        <translation>忘了局部导数</translation>
    </message>
    <message>
        <source>local derivative taken at the output</source>
        <translation>在输出处取了局部导数</translation>
    </message>
    <message>
        <source>locked parts were changed: {nodes}</source>
        <translation>锁定的部分被改动了：{nodes}</translation>
    </message>
    <message>
        <source>logits is {shape}: its last axis must hold the score of each class</source>
        <translation>logits 的形状是 {shape}：它的最后一个轴必须是每一类的得分</translation>
    </message>
    <message>
        <source>max and min are routers: the whole gradient goes to the input that won, the other gets zero</source>
        <translation>max 和 min 是路由器：全部梯度送给胜出的输入，另一个得零</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>mean taken for sum</source>
        <translation>把求和当成了求平均</translation>
    </message>
    <message>
        <source>mean {mean}, median {median} of {most} points</source>
        <translation>平均 {mean} 分，中位数 {median} 分，满分 {most} 分</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>未交</translation>
    </message>
    <message>
        <source>mistake</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>most_nodes must be 1 or more</source>
        <translation>most_nodes 至少为 1</translation>
    </message>
    <message>
        <source>most_steps must be from 1 to {most}</source>
        <translation>most_steps 必须在 1 到 {most} 之间</translation>
    </message>
    <message>
        <source>nested too deeply: name the parts on lines of their own</source>
        <translation>嵌套太深：请把各部分单独写成一行并命名</translation>
    </message>
    <message>
        <source>no attempt is left for this task</source>
        <translation>这道题的尝试次数已用完</translation>
    </message>
    <message>
        <source>no gradient flows back to an input or a parameter</source>
        <translation>没有梯度流回任何输入或参数</translation>
    </message>
    <message>
        <source>no gradient flows back to {place}</source>
        <translation>没有梯度流回 {place}</translation>
    </message>
    <message>
        <source>no graph can be read from {reason}</source>
        <translation>无法从中读出图。{reason}</translation>
    </message>
    <message>
        <source>no hint is needed here any more</source>
        <translation>这里不再需要提示</translation>
    </message>
    <message>
        <source>no leaf is named as data: tick “Named as data” at the inputs to be filled</source>
        <translation>没有标为数据的叶子节点：请在要填入的输入上勾选“标为数据”</translation>
    </message>
    <message>
        <source>no process can be started to judge submissions in: {said}</source>
        <translation>无法启动评判提交的进程：{said}</translation>
    </message>
    <message>
        <source>no recomputation found fits into {budget} bytes; the least is {least}</source>
        <translation>没有一种重计算方案能放进 {budget} 字节；最少需要 {least} 字节</translation>
    </message>
    <message>
        <source>nobody looked into the folders beside {file}</source>
        <translation>{file} 旁边的文件夹没有查看</translation>
    </message>
    <message>
        <source>not accumulated at a fan-out</source>
        <translation>扇出处没有累加</translation>
    </message>
    <message>
        <source>not and ~ are not part of a formula</source>
        <translation>公式里不能用 not 和 ~</translation>
    </message>
    <message>
        <source>not judged</source>
        <translation>未评判</translation>
    </message>
    <message>
        <source>note {note}: {said}</source>
        <translation>便签 {note}：{said}</translation>
    </message>
    <message>
        <source>notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>空值</translation>
    </message>
    <message>
        <source>nothing can be imported here: the functions are all there</source>
        <translation>这里不能导入，也无需导入：函数都已备好</translation>
    </message>
    <message>
        <source>nothing is asked</source>
        <translation>没有要回答的内容</translation>
    </message>
    <message>
        <source>nothing is in it</source>
        <translation>里面什么也没有</translation>
    </message>
    <message>
        <source>nothing was handed in</source>
        <translation>没有提交</translation>
    </message>
    <message>
        <source>nothing was pasted: no graph can be read from {reason}</source>
        <translation>没有粘贴任何内容，无法从中读出图。{reason}</translation>
    </message>
    <message>
        <source>number</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>number of nodes</source>
        <translation>节点数</translation>
    </message>
    <message>
        <source>numbers in round brackets with commas are no array: use [ ]</source>
        <translation>圆括号里用逗号隔开的数不是数组：请用 [ ]</translation>
    </message>
    <message>
        <source>one of {known}</source>
        <translation>以下之一：{known}</translation>
    </message>
    <message>
        <source>only &gt; &gt;= &lt; &lt;= == compare</source>
        <translation>比较只能用 &gt; &gt;= &lt; &lt;= ==</translation>
    </message>
    <message>
        <source>only a name can stand to the left of =</source>
        <translation>= 的左边只能是一个名称</translation>
    </message>
    <message>
        <source>only an output of one number has a gradient</source>
        <translation>只有输出为单个数时才有梯度</translation>
    </message>
    <message>
        <source>only functions and methods can be called</source>
        <translation>只能调用函数和方法</translation>
    </message>
    <message>
        <source>operands in the wrong order</source>
        <translation>操作数次序颠倒</translation>
    </message>
    <message>
        <source>order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>order the nodes</source>
        <translation>给节点排序</translation>
    </message>
    <message>
        <source>p must be at least 0 and less than 1, and is {p}</source>
        <translation>p 必须大于等于 0 且小于 1，而这里是 {p}</translation>
    </message>
    <message>
        <source>padding must not be negative, and is {padding}</source>
        <translation>padding 不能是负数，而这里是 {padding}</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>部分正确</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>percent_a_day must be from 0 to 100</source>
        <translation>percent_a_day 必须在 0 到 100 之间</translation>
    </message>
    <message>
        <source>place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>points</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>predict the gradients</source>
        <translation>预测梯度</translation>
    </message>
    <message>
        <source>predict the values</source>
        <translation>预测值</translation>
    </message>
    <message>
        <source>right</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>row {row} has {count} cells, but row 1 has {first}</source>
        <translation>第 {row} 行有 {count} 个单元格，而第 1 行有 {first} 个</translation>
    </message>
    <message>
        <source>row {row}, column {column}: “{cell}” is no number</source>
        <translation>第 {row} 行第 {column} 列：“{cell}”不是数</translation>
    </message>
    <message>
        <source>row {row}, column {column}: “{cell}”: write decimals with a point, and part cells by tabs or semicolons</source>
        <translation>第 {row} 行第 {column} 列：“{cell}”：小数请用小数点，单元格之间请用制表符或分号分隔</translation>
    </message>
    <message>
        <source>rows must be at least 1, and is {rows}</source>
        <translation>rows 至少为 1，而这里是 {rows}</translation>
    </message>
    <message>
        <source>scalar</source>
        <translation>标量</translation>
    </message>
    <message>
        <source>several files were handed in, and one is expected: {files}</source>
        <translation>提交了多个文件，而只应有一个：{files}</translation>
    </message>
    <message>
        <source>shape must not hold negative sizes, and is {shape}</source>
        <translation>形状里不能有负数，而这里是 {shape}</translation>
    </message>
    <message>
        <source>status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>step {step}: {reason}</source>
        <translation>第 {step} 步：{reason}</translation>
    </message>
    <message>
        <source>step {step}: {what}; the parameters are kept as they were before it. A smaller learning rate may help</source>
        <translation>第 {step} 步：{what}；参数保持在这一步之前的值。调小学习率也许有用</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>stride must be at least 0 (side by side), and is {stride}</source>
        <translation>stride 至少为 0（0 表示窗口紧挨着），而这里是 {stride}</translation>
    </message>
    <message>
        <source>stride must be at least 1, and is {stride}</source>
        <translation>stride 至少为 1，而这里是 {stride}</translation>
    </message>
    <message>
        <source>student</source>
        <translation>学生</translation>
    </message>
    <message>
        <source>students</source>
        <translation>学生数</translation>
    </message>
    <message>
        <source>sum taken for mean</source>
        <translation>把求平均当成了求和</translation>
    </message>
    <message>
        <source>table is {shape}: it must be (v, d), a row of d numbers an index</source>
        <translation>table 的形状是 {shape}：它必须是 (v, d)，每个索引对应一行 d 个数</translation>
    </message>
    <message>
        <source>target is {target} and logits is {logits}: target must be {numbers} (class numbers) or {logits} (one-hot)</source>
        <translation>target 的形状是 {target}，logits 的形状是 {logits}：target 必须是 {numbers}（类别编号）或 {logits}（独热编码）</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>text in quotes is not part of a formula</source>
        <translation>公式里不能有引号中的文本</translation>
    </message>
    <message>
        <source>the Jacobian of {node} {of} by {by} has {entries} entries, {size:.1f} GiB: it is not written out</source>
        <translation>{node} {of} 对 {by} 的雅可比矩阵有 {entries} 个元素（{size:.1f} GiB），不再逐个写出</translation>
    </message>
    <message>
        <source>the answer to {item} was changed after it was kept</source>
        <translation>{item} 的答案在保留之后又被改动</translation>
    </message>
    <message>
        <source>the answer to {item} was changed after its last attempt</source>
        <translation>{item} 的答案在用完次数之后被改动</translation>
    </message>
    <message>
        <source>the answers are too many or too long</source>
        <translation>答案太多或太长</translation>
    </message>
    <message>
        <source>the array does not have the shape that is asked</source>
        <translation>数组的形状不是所要求的</translation>
    </message>
    <message>
        <source>the backward formula of {port} gives {given}, and {port} is {wanted}</source>
        <translation>{port} 的反向公式得到的形状是 {given}，而 {port} 的形状是 {wanted}</translation>
    </message>
    <message>
        <source>the cell is empty</source>
        <translation>单元格是空的</translation>
    </message>
    <message>
        <source>the check was stopped</source>
        <translation>检验已停止</translation>
    </message>
    <message>
        <source>the data leaves must have equally many rows ({said})</source>
        <translation>各个数据叶子节点的行数必须相同（{said}）</translation>
    </message>
    <message>
        <source>the derivative of a power brings its exponent down as a factor, as 2 · x of x²</source>
        <translation>幂求导时指数要作为系数乘下来，例如 x² 的导数是 2 · x</translation>
    </message>
    <message>
        <source>the field “{field}” is missing{place}</source>
        <translation>{place}缺少字段“{field}”</translation>
    </message>
    <message>
        <source>the file says it is the work of {student}</source>
        <translation>文件里写的是 {student} 的作业</translation>
    </message>
    <message>
        <source>the formula has too many parts</source>
        <translation>公式的组成部分太多</translation>
    </message>
    <message>
        <source>the formula is not finished</source>
        <translation>公式没有写完</translation>
    </message>
    <message>
        <source>the formula is too long: {count} characters, {most} are allowed</source>
        <translation>公式太长：{count} 个字符，最多 {most} 个</translation>
    </message>
    <message>
        <source>the formula of the key has a value almost nowhere</source>
        <translation>答案文件的公式几乎处处没有值</translation>
    </message>
    <message>
        <source>the formula uses {node}; it may use {names}</source>
        <translation>公式用到了 {node}；只能用 {names}</translation>
    </message>
    <message>
        <source>the formula “{formula}” uses {node}, which is no given leaf</source>
        <translation>公式“{formula}”用到了 {node}，它不是给定的叶节点</translation>
    </message>
    <message>
        <source>the forward formula has a value almost nowhere</source>
        <translation>前向公式几乎处处没有值</translation>
    </message>
    <message>
        <source>the given node {node} was changed</source>
        <translation>给定的节点 {node} 被改动了</translation>
    </message>
    <message>
        <source>the gradient explodes on its way back: at {node} it is {ratio} times what it is at {last} (root mean square)</source>
        <translation>梯度在反向传播中爆炸：{node} 处的梯度是 {last} 处的 {ratio} 倍（均方根）</translation>
    </message>
    <message>
        <source>the gradient of {node} became {what}</source>
        <translation>{node} 的梯度变成了 {what}</translation>
    </message>
    <message>
        <source>the gradient vanishes on its way back: at {node} it is {ratio} times what it is at {last} (root mean square)</source>
        <translation>梯度在反向传播中消失：{node} 处的梯度是 {last} 处的 {ratio} 倍（均方根）</translation>
    </message>
    <message>
        <source>the graph answers it: it needs no key</source>
        <translation>图本身就能给出答案，不需要答案文件</translation>
    </message>
    <message>
        <source>the graph defines no op called {op}</source>
        <translation>计算图没有定义名为 {op} 的算子</translation>
    </message>
    <message>
        <source>the graph has {count} outputs ({names}): choose one</source>
        <translation>计算图有 {count} 个输出（{names}）：请选择一个</translation>
    </message>
    <message>
        <source>the graph is empty</source>
        <translation>计算图是空的</translation>
    </message>
    <message>
        <source>the hidden data: {said}</source>
        <translation>隐藏数据：{said}</translation>
    </message>
    <message>
        <source>the index [{index}] has {count} parts and x is {shape}</source>
        <translation>索引 [{index}] 有 {count} 个部分，而 x 的形状是 {shape}</translation>
    </message>
    <message>
        <source>the key gives no number: {reason}</source>
        <translation>答案文件没有给出数值：{reason}</translation>
    </message>
    <message>
        <source>the key has neither a formula nor cases</source>
        <translation>答案文件既没有公式也没有例子</translation>
    </message>
    <message>
        <source>the key names no such options</source>
        <translation>答案文件中的选项不存在</translation>
    </message>
    <message>
        <source>the key needs hidden data with other targets: these can be copied</source>
        <translation>答案文件需要含有其他目标值的隐藏数据：现有的目标值可以照抄</translation>
    </message>
    <message>
        <source>the key of item {item} is missing</source>
        <translation>缺少题目 {item} 的答案</translation>
    </message>
    <message>
        <source>the key&apos;s formula is not the one shown</source>
        <translation>答案中的公式与题目给出的公式不同</translation>
    </message>
    <message>
        <source>the leaf {node} cannot be drawn unlike {others}</source>
        <translation>叶节点 {node} 无法取到与 {others} 不同的数</translation>
    </message>
    <message>
        <source>the learning rate and the momentum allowed leave nothing to choose</source>
        <translation>允许的学习率和动量范围内没有可选的值</translation>
    </message>
    <message>
        <source>the learning rate must be from {least} to {most}</source>
        <translation>学习率必须在 {least} 到 {most} 之间</translation>
    </message>
    <message>
        <source>the lists have different lengths: {size} is expected here</source>
        <translation>各个列表的长度不同：这里应为 {size}</translation>
    </message>
    <message>
        <source>the lists in it are not of equal length</source>
        <translation>其中的列表长度不一</translation>
    </message>
    <message>
        <source>the local derivative is taken at the node&apos;s input; here its output was put in</source>
        <translation>局部导数要在节点的输入处取值；这里代入的是它的输出</translation>
    </message>
    <message>
        <source>the logarithm of a number that is not positive</source>
        <translation>对数的自变量不是正数</translation>
    </message>
    <message>
        <source>the loss reached</source>
        <translation>达到的损失</translation>
    </message>
    <message>
        <source>the momentum must be from 0 to {most}</source>
        <translation>动量必须在 0 到 {most} 之间</translation>
    </message>
    <message>
        <source>the new value of {node} became {what}</source>
        <translation>{node} 的新值变成了 {what}</translation>
    </message>
    <message>
        <source>the numbers of {node} are not kept: compile the step with record=True</source>
        <translation>{node} 的数值未被保留：请用 record=True 编译这一步</translation>
    </message>
    <message>
        <source>the operands stand the other way round</source>
        <translation>操作数的次序反了</translation>
    </message>
    <message>
        <source>the output {node} depends on no input and no parameter</source>
        <translation>输出 {node} 不依赖于任何输入或参数</translation>
    </message>
    <message>
        <source>the output {node} is {shape}, and only one number has a gradient: put sum or mean after it</source>
        <translation>输出 {node} 的形状是 {shape}，而只有单个数才能求梯度：请在它后面加上 sum 或 mean</translation>
    </message>
    <message>
        <source>the picture would have {width} × {height} pixels: choose a smaller scale, or SVG or PDF</source>
        <translation>图片将有 {width} × {height} 像素：请选择较小的比例，或改用 SVG 或 PDF</translation>
    </message>
    <message>
        <source>the prediction and its targets are named together</source>
        <translation>prediction 和 targets 要一起写明</translation>
    </message>
    <message>
        <source>the process that judged it ended unexpectedly</source>
        <translation>评判它的进程意外结束</translation>
    </message>
    <message>
        <source>the range of {name} must go from a lower to a higher number</source>
        <translation>{name} 的范围必须从较小的数到较大的数</translation>
    </message>
    <message>
        <source>the result is too large for a number</source>
        <translation>结果太大，超出了浮点数的范围</translation>
    </message>
    <message>
        <source>the result would have {axes} axes; at most {most} are allowed</source>
        <translation>结果会有 {axes} 个轴；最多允许 {most} 个</translation>
    </message>
    <message>
        <source>the result {shape} would take {size:.1f} GiB; at most {most:.0f} are allowed</source>
        <translation>结果 {shape} 需要 {size:.1f} GiB；最多允许 {most:.0f} GiB</translation>
    </message>
    <message>
        <source>the same work as {students}</source>
        <translation>与 {students} 的作业相同</translation>
    </message>
    <message>
        <source>the setting {setting} of {op} takes {kind}</source>
        <translation>{op} 的设置项 {setting} 应为{kind}</translation>
    </message>
    <message>
        <source>the shapes {shapes} do not broadcast: counted from the right, sizes must be equal or 1</source>
        <translation>形状 {shapes} 无法广播：从右往左数，各轴的大小必须相等，或者有一个是 1</translation>
    </message>
    <message>
        <source>the size is right, the sign is not: look for a minus on the way</source>
        <translation>大小对，符号不对：检查一路上的负号</translation>
    </message>
    <message>
        <source>the square root of a negative number</source>
        <translation>负数的平方根</translation>
    </message>
    <message>
        <source>the steps must be a whole number from 1 to {most}</source>
        <translation>步数必须是 1 到 {most} 的整数</translation>
    </message>
    <message>
        <source>the system ended the process that judged it, as if short of memory</source>
        <translation>系统终止了评判它的进程，可能是内存不足</translation>
    </message>
    <message>
        <source>the target shown is reached, but not what is asked beyond it</source>
        <translation>达到了给出的目标，但没有达到此外的要求</translation>
    </message>
    <message>
        <source>the text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>the text is too long: {size} characters, and {most} are the most</source>
        <translation>文本太长：有 {size} 个字符，最多 {most} 个</translation>
    </message>
    <message>
        <source>the text that was dropped is no graph: {reason}</source>
        <translation>拖入的文本不是计算图：{reason}</translation>
    </message>
    <message>
        <source>the value is used more than once: the gradients that come back from all its uses must be added up</source>
        <translation>这个值用了不止一次：从各处流回的梯度要全部相加</translation>
    </message>
    <message>
        <source>the whole gradient was taken: the learning rate says how much of it</source>
        <translation>减去了整个梯度；该走多少由学习率决定</translation>
    </message>
    <message>
        <source>there already is a node called {node}</source>
        <translation>已经有名为 {node} 的节点</translation>
    </message>
    <message>
        <source>there already is an op called {op}</source>
        <translation>已经有名为 {op} 的算子</translation>
    </message>
    <message>
        <source>there are more than {most} frames or notes</source>
        <translation>框或便签超过了 {most} 个</translation>
    </message>
    <message>
        <source>there are no numbers in it</source>
        <translation>里面没有数</translation>
    </message>
    <message>
        <source>there are too many brackets or digits in it</source>
        <translation>里面的括号或数字太多了</translation>
    </message>
    <message>
        <source>there is a null character in the text</source>
        <translation>文本里有空字符</translation>
    </message>
    <message>
        <source>there is an unknown field “{field}”{place}</source>
        <translation>{place}有未知的字段“{field}”</translation>
    </message>
    <message>
        <source>there is no checked answer to keep in this task</source>
        <translation>这道题没有检查过的答案可以保留</translation>
    </message>
    <message>
        <source>there is no colour “{colour}”; there are: {known}</source>
        <translation>没有“{colour}”这种颜色；可用的有：{known}</translation>
    </message>
    <message>
        <source>there is no computing node called {node} yet</source>
        <translation>还没有名为 {node} 的计算节点</translation>
    </message>
    <message>
        <source>there is no frame called {other}</source>
        <translation>没有名为 {other} 的框</translation>
    </message>
    <message>
        <source>there is no function “{name}”</source>
        <translation>没有函数“{name}”</translation>
    </message>
    <message>
        <source>there is no function “{name}”; did you mean {near}?</source>
        <translation>没有函数“{name}”；你是想写 {near} 吗？</translation>
    </message>
    <message>
        <source>there is no further hint for this task</source>
        <translation>这道题没有更多提示了</translation>
    </message>
    <message>
        <source>there is no graph and no formula on the clipboard</source>
        <translation>剪贴板上既没有图，也没有公式</translation>
    </message>
    <message>
        <source>there is no input and no parameter that could move</source>
        <translation>没有可以移动的输入或参数</translation>
    </message>
    <message>
        <source>there is no input {node}</source>
        <translation>没有名为 {node} 的输入</translation>
    </message>
    <message>
        <source>there is no item called {item}</source>
        <translation>没有名为 {item} 的题目</translation>
    </message>
    <message>
        <source>there is no mode “{mode}”; the modes are: {modes}</source>
        <translation>没有“{mode}”这种模式；可用的模式有：{modes}</translation>
    </message>
    <message>
        <source>there is no node called {node}</source>
        <translation>没有名为 {node} 的节点</translation>
    </message>
    <message>
        <source>there is no op called “{op}”</source>
        <translation>没有名为“{op}”的运算</translation>
    </message>
    <message>
        <source>there is no optimizer, so no step can be done</source>
        <translation>没有优化器，无法训练</translation>
    </message>
    <message>
        <source>there is no such shape</source>
        <translation>没有这样的形状</translation>
    </message>
    <message>
        <source>there is no {suffix} file in the folder {folder}</source>
        <translation>文件夹 {folder} 里没有 {suffix} 文件</translation>
    </message>
    <message>
        <source>there is nothing to build in this lab</source>
        <translation>这个实验不需要搭图</translation>
    </message>
    <message>
        <source>there is nothing to make a picture of</source>
        <translation>没有可以画成图片的内容</translation>
    </message>
    <message>
        <source>there is nothing to train: {node} depends on no parameter</source>
        <translation>没有可以训练的东西：{node} 不依赖于任何参数</translation>
    </message>
    <message>
        <source>these are answers to {lab}, not to {exercise}</source>
        <translation>这是 {lab} 的答案，不是 {exercise} 的</translation>
    </message>
    <message>
        <source>these are still missing: {nodes}</source>
        <translation>还缺：{nodes}</translation>
    </message>
    <message>
        <source>this answer cannot be judged</source>
        <translation>这个答案无法判断</translation>
    </message>
    <message>
        <source>this answer was kept: it stays as it is</source>
        <translation>这个答案已保留，不能再改</translation>
    </message>
    <message>
        <source>this cannot be read: is a sign or a bracket missing?</source>
        <translation>这里读不懂，是不是少了运算符或括号？</translation>
    </message>
    <message>
        <source>this cannot be read: {message}</source>
        <translation>这里读不懂（{message}）</translation>
    </message>
    <message>
        <source>this cannot be the name of a frame</source>
        <translation>这不能作为框的名称</translation>
    </message>
    <message>
        <source>this cannot be the name of a note</source>
        <translation>这不能作为便签的名称</translation>
    </message>
    <message>
        <source>this goes up the gradient: a step of gradient descent goes against it</source>
        <translation>这是顺着梯度走；梯度下降的一步要逆着梯度走</translation>
    </message>
    <message>
        <source>this is not right</source>
        <translation>这里不对</translation>
    </message>
    <message>
        <source>this is the gradient that arrives, handed on as it is. The chain rule multiplies it by the local derivative</source>
        <translation>这是流到的梯度，原样传了下去。链式法则还要乘以局部导数</translation>
    </message>
    <message>
        <source>this is the gradient; what is asked is where a step against it leads</source>
        <translation>这是梯度；要求的是沿负梯度走一步之后的值</translation>
    </message>
    <message>
        <source>this is the key of {lab}, not of {exercise}</source>
        <translation>这是 {lab} 的答案文件，不是 {exercise} 的</translation>
    </message>
    <message>
        <source>this is the local derivative alone. The chain rule multiplies it by the gradient that arrives from above</source>
        <translation>这只是局部导数。链式法则还要乘以上游流来的梯度</translation>
    </message>
    <message>
        <source>this is the value on the edge, from the forward pass; the gradient is asked</source>
        <translation>这是边上前向计算的值；要填的是梯度</translation>
    </message>
    <message>
        <source>this is too long to be a number or an array</source>
        <translation>太长了，不像是一个数或数组</translation>
    </message>
    <message>
        <source>this is what a mean gives; a sum divides by nothing</source>
        <translation>这是求平均的结果；求和不需要除</translation>
    </message>
    <message>
        <source>this is what a sum gives; a mean divides it by the number of entries</source>
        <translation>这是求和的结果；求平均还要除以元素个数</translation>
    </message>
    <message>
        <source>this is what degrees give: sin and cos take radians here</source>
        <translation>这是按角度算的结果：这里的 sin 和 cos 用弧度</translation>
    </message>
    <message>
        <source>this number has too many digits</source>
        <translation>这个数的位数太多了</translation>
    </message>
    <message>
        <source>this number is too large</source>
        <translation>这个数太大了</translation>
    </message>
    <message>
        <source>this statement is too long: name its parts on other lines</source>
        <translation>这条语句太长：请在其他行里给各部分命名</translation>
    </message>
    <message>
        <source>train to a target</source>
        <translation>训练到目标</translation>
    </message>
    <message>
        <source>training it for so many steps would take too much work</source>
        <translation>训练这么多步的计算量太大</translation>
    </message>
    <message>
        <source>training stopped: no weight it trains is left in the graph</source>
        <translation>训练已停止：图中已没有它要训练的权重</translation>
    </message>
    <message>
        <source>training: {field} must be {wanted}, not {value}</source>
        <translation>训练设置：{field} 应为{wanted}，而不是 {value}</translation>
    </message>
    <message>
        <source>transposed</source>
        <translation>转置</translation>
    </message>
    <message>
        <source>trials must be from 1 to {most}</source>
        <translation>trials 必须在 1 到 {most} 之间</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>布尔值 true 或 false</translation>
    </message>
    <message>
        <source>two half moons</source>
        <translation>两个半月</translation>
    </message>
    <message>
        <source>two items are called {item}</source>
        <translation>有两道题都叫 {item}</translation>
    </message>
    <message>
        <source>two submissions were handed in for {student}</source>
        <translation>{student} 提交了两份作业</translation>
    </message>
    <message>
        <source>upstream gradient forgotten</source>
        <translation>忘了上游梯度</translation>
    </message>
    <message>
        <source>value given for the gradient</source>
        <translation>把值当成了梯度</translation>
    </message>
    <message>
        <source>what came of judging it is larger than {limit} MB</source>
        <translation>评判的结果超过 {limit} MB</translation>
    </message>
    <message>
        <source>what is pasted is no graph, and as a formula: {reason}</source>
        <translation>粘贴的内容不是图；作为公式来读：{reason}</translation>
    </message>
    <message>
        <source>what is pasted is no graph: {reason}</source>
        <translation>粘贴的内容不是图：{reason}</translation>
    </message>
    <message>
        <source>what is pasted is too large: more than {most} MB</source>
        <translation>粘贴的内容太大：超过 {most} MB</translation>
    </message>
    <message>
        <source>what is recomputed cannot be recorded, and is computed in float64</source>
        <translation>要重新计算的内容无法录制，且以 float64 计算</translation>
    </message>
    <message>
        <source>what it computes</source>
        <translation>计算结果</translation>
    </message>
    <message>
        <source>why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>write the formulas of an op</source>
        <translation>写出运算的公式</translation>
    </message>
    <message>
        <source>write the forward formula first</source>
        <translation>请先写前向公式</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>wrong shape</source>
        <translation>形状不对</translation>
    </message>
    <message>
        <source>wrong sign</source>
        <translation>符号错误</translation>
    </message>
    <message>
        <source>wrt says what moves in forward mode; reverse mode takes none</source>
        <translation>wrt 指明前向模式中哪些量在变化；反向模式不接受它</translation>
    </message>
    <message>
        <source>x is {shape}: it must be (n, c, h, w): samples, channels, rows, columns</source>
        <translation>x 的形状是 {shape}：它必须是 (n, c, h, w)，即样本、通道、行、列</translation>
    </message>
    <message>
        <source>x is {shape}: its last axis must hold the numbers to normalise</source>
        <translation>x 的形状是 {shape}：它的最后一个轴必须是要归一化的数</translation>
    </message>
    <message>
        <source>x is {shape}: there is nothing along axis {axis}</source>
        <translation>x 的形状是 {shape}：沿轴 {axis} 没有任何数</translation>
    </message>
    <message>
        <source>x is {shape}: with its padding it is smaller than a window of {kernel}</source>
        <translation>x 的形状是 {shape}：加上填充后仍小于 {kernel} 的窗口</translation>
    </message>
    <message>
        <source>x is {shape}: with its padding, its windows of {kernel} would take {size:.1f} GiB; at most {most:.0f} are allowed</source>
        <translation>x 的形状是 {shape}：加上填充后，{kernel} 的窗口需要 {size:.1f} GiB；最多允许 {most:.0f} GiB</translation>
    </message>
    <message>
        <source>x is {x} and indices is {indices}: x must have one axis more</source>
        <translation>x 的形状是 {x}，indices 的形状是 {indices}：x 必须多一个轴</translation>
    </message>
    <message>
        <source>x is {x} and y is {y}: the axis {letter} of {equation} is {first} in x and {second} in y</source>
        <translation>x 的形状是 {x}，y 的形状是 {y}：{equation} 的轴 {letter} 在 x 中大小是 {first}，在 y 中是 {second}</translation>
    </message>
    <message>
        <source>x is {x} and y is {y}: the last size of x ({k}) must equal the first matrix size of y ({l}); y {fit} would fit</source>
        <translation>x 的形状是 {x}，y 的形状是 {y}：x 最后一个轴的大小（{k}）必须等于 y 作为矩阵的行数（{l}）；y 的形状若是 {fit} 就合适</translation>
    </message>
    <message>
        <source>x is {x} and y is {y}: the leading sizes do not broadcast</source>
        <translation>x 的形状是 {x}，y 的形状是 {y}：前面的各轴无法广播</translation>
    </message>
    <message>
        <source>x is {x} and y is {y}: there are no numbers to take the mean of</source>
        <translation>x 的形状是 {x}，y 的形状是 {y}：没有可以求平均的数</translation>
    </message>
    <message>
        <source>x {shape} are not the windows of images of {size}</source>
        <translation>x {shape} 不是 {size} 的图像的窗口</translation>
    </message>
    <message>
        <source>x {shape} cannot be broadcast to {wanted}</source>
        <translation>x {shape} 无法广播到 {wanted}</translation>
    </message>
    <message>
        <source>x {shape} does not fit the place [{index}] of {place}</source>
        <translation>x {shape} 放不进 {place} 的位置 [{index}]</translation>
    </message>
    <message>
        <source>x {shape} has no numbers to take the largest or smallest of</source>
        <translation>x {shape} 里没有可以取最大值或最小值的数</translation>
    </message>
    <message>
        <source>x {shape} has no numbers to take the mean of</source>
        <translation>x {shape} 里没有可以求平均的数</translation>
    </message>
    <message>
        <source>x {shape} has too few numbers: there must be more than {correction}</source>
        <translation>x {shape} 里的数太少：必须多于 {correction} 个</translation>
    </message>
    <message>
        <source>x {shape} has {size} numbers and cannot become {wanted}</source>
        <translation>x {shape} 有 {size} 个数，无法变成 {wanted}</translation>
    </message>
    <message>
        <source>x0, x1: a point of the plane; y: its class, 0 or 1</source>
        <translation>x0、x1：平面上的一个点；y：它的类别，0 或 1</translation>
    </message>
    <message>
        <source>x1 is a scalar: concat joins arrays that have an axis</source>
        <translation>x1 是标量：concat 只能拼接至少有一个轴的数组</translation>
    </message>
    <message>
        <source>x: from −1 to 1; y: 2x + 1 and noise of 0.1</source>
        <translation>x：从 −1 到 1；y：2x + 1 加上 0.1 的噪声</translation>
    </message>
    <message>
        <source>x{i} is {shape} and x1 is {first}: they may differ along axis {axis} only</source>
        <translation>x{i} 的形状是 {shape}，x1 的形状是 {first}：它们只能在轴 {axis} 上不同</translation>
    </message>
    <message>
        <source>{before}, {one}</source>
        <translation>{before}，{one}</translation>
    </message>
    <message>
        <source>{cell} is not a finite number</source>
        <translation>{cell} 不是有限的数</translation>
    </message>
    <message>
        <source>{count} nodes</source>
        <translation>{count} 个节点</translation>
    </message>
    <message>
        <source>{count} numbers are learned; {most} are allowed</source>
        <translation>要学习 {count} 个数；最多允许 {most} 个</translation>
    </message>
    <message>
        <source>{field} must be 0 or more</source>
        <translation>{field} 必须大于或等于 0</translation>
    </message>
    <message>
        <source>{file} holds no time with its zone: the file&apos;s own time counts</source>
        <translation>{file} 中没有带时区的时间：以文件自身的时间为准</translation>
    </message>
    <message>
        <source>{file} is no graph (.gradstudio), lab (.gradlab) or table (.csv, .tsv): not opened</source>
        <translation>{file} 不是图 (.gradstudio)、实验 (.gradlab) 或表格 (.csv、.tsv)：没有打开</translation>
    </message>
    <message>
        <source>{file}, line {line}, column {column}: {why}</source>
        <translation>{file}，第 {line} 行，列 {column}：{why}</translation>
    </message>
    <message>
        <source>{file}, line {line}: column {number} has no name</source>
        <translation>{file}，第 {line} 行：第 {number} 列没有名称</translation>
    </message>
    <message>
        <source>{file}, line {line}: this is not UTF-8 text</source>
        <translation>{file}，第 {line} 行：这不是 UTF-8 文本</translation>
    </message>
    <message>
        <source>{file}, line {line}: two columns are called {column}</source>
        <translation>{file}，第 {line} 行：有两列都叫 {column}</translation>
    </message>
    <message>
        <source>{file}, line {line}: {count} cells, where the header has {columns}</source>
        <translation>{file}，第 {line} 行：有 {count} 个单元格，而表头有 {columns} 个</translation>
    </message>
    <message>
        <source>{file}, line {line}: {reason}</source>
        <translation>{file}，第 {line} 行：{reason}</translation>
    </message>
    <message>
        <source>{file}: a text holds half a character</source>
        <translation>{file}：有一段文本含有不完整的字符</translation>
    </message>
    <message>
        <source>{file}: byte {byte} is not UTF-8</source>
        <translation>{file}：第 {byte} 个字节不是 UTF-8</translation>
    </message>
    <message>
        <source>{file}: cannot be read</source>
        <translation>{file}：无法读取</translation>
    </message>
    <message>
        <source>{file}: cannot be read: {reason}</source>
        <translation>{file}：无法读取：{reason}</translation>
    </message>
    <message>
        <source>{file}: damaged or cut off at line {line}, column {column}</source>
        <translation>{file}：第 {line} 行第 {column} 列处损坏或被截断</translation>
    </message>
    <message>
        <source>{file}: frame {frame}: {said}</source>
        <translation>{file}：框 {frame}：{said}</translation>
    </message>
    <message>
        <source>{file}: its format version is missing</source>
        <translation>{file}：缺少格式版本</translation>
    </message>
    <message>
        <source>{file}: its lab “{lab}” is needed to go on with it</source>
        <translation>{file}：要继续做，需要它的实验“{lab}”</translation>
    </message>
    <message>
        <source>{file}: made by a newer GradStudio (format version {version}; this one reads {ours})</source>
        <translation>{file}：由更新版本的 GradStudio 生成（格式版本 {version}；当前程序只能读取到 {ours}）</translation>
    </message>
    <message>
        <source>{file}: nested too deeply</source>
        <translation>{file}：嵌套太深</translation>
    </message>
    <message>
        <source>{file}: no column is called student_id, and it is no list of ids</source>
        <translation>{file}：没有名为 student_id 的列，也不是学号列表</translation>
    </message>
    <message>
        <source>{file}: node {node}: {said}</source>
        <translation>{file}：节点 {node}：{said}</translation>
    </message>
    <message>
        <source>{file}: not saved: the graph takes more than {most} MB</source>
        <translation>{file}：未保存：计算图超过 {most} MB</translation>
    </message>
    <message>
        <source>{file}: not saved: {reason}</source>
        <translation>{file}：未保存：{reason}</translation>
    </message>
    <message>
        <source>{file}: note {note}: {said}</source>
        <translation>{file}：便签 {note}：{said}</translation>
    </message>
    <message>
        <source>{file}: op {op}: {said}</source>
        <translation>{file}：算子 {op}：{said}</translation>
    </message>
    <message>
        <source>{file}: row {row}: due must be a time with its zone</source>
        <translation>{file}：第 {row} 行：due 必须是带时区的时间</translation>
    </message>
    <message>
        <source>{file}: row {row}: {student} stands there twice</source>
        <translation>{file}：第 {row} 行：{student} 出现了两次</translation>
    </message>
    <message>
        <source>{file}: the file is empty</source>
        <translation>{file}：文件是空的</translation>
    </message>
    <message>
        <source>{file}: the roster is not UTF-8</source>
        <translation>{file}：名单不是 UTF-8</translation>
    </message>
    <message>
        <source>{file}: the roster names no students</source>
        <translation>{file}：名单里没有学生</translation>
    </message>
    <message>
        <source>{file}: there is a header, but no row of numbers</source>
        <translation>{file}：只有表头，没有数据行</translation>
    </message>
    <message>
        <source>{file}: there is nothing in it</source>
        <translation>{file}：里面什么都没有</translation>
    </message>
    <message>
        <source>{file}: this is a graph without answers, and no submission</source>
        <translation>{file}：这是一张没有答案的图，不是作业</translation>
    </message>
    <message>
        <source>{file}: this is a symbolic link</source>
        <translation>{file}：这是符号链接</translation>
    </message>
    <message>
        <source>{file}: this is no GradStudio file (no “format”: “{format}”)</source>
        <translation>{file}：这不是 GradStudio 文件（缺少 “format”: “{format}”）</translation>
    </message>
    <message>
        <source>{file}: this is no ordinary file</source>
        <translation>{file}：这不是普通文件</translation>
    </message>
    <message>
        <source>{file}: too large: more than {most} MB</source>
        <translation>{file}：文件太大，超过 {most} MB</translation>
    </message>
    <message>
        <source>{file}: {count} nodes; {most} are the most a submission may have</source>
        <translation>{file}：有 {count} 个节点；作业最多可以有 {most} 个</translation>
    </message>
    <message>
        <source>{file}: {reason}</source>
        <translation>{file}：{reason}</translation>
    </message>
    <message>
        <source>{file}: {said}</source>
        <translation>{file}：{said}</translation>
    </message>
    <message>
        <source>{file}: {wrong}</source>
        <translation>{file}：{wrong}</translation>
    </message>
    <message>
        <source>{name} is given twice</source>
        <translation>{name} 给了两次</translation>
    </message>
    <message>
        <source>{name} must hold 1 to {most} numbers</source>
        <translation>{name} 应含 1 到 {most} 个数</translation>
    </message>
    <message>
        <source>{nodes}: together they are not what an op is composed of</source>
        <translation>{nodes}：它们合在一起不是任何算子的分解形式</translation>
    </message>
    <message>
        <source>{node} (relu) is dead: no input is above 0, so no gradient passes</source>
        <translation>{node}（relu）已失活：没有大于 0 的输入，梯度传不过去</translation>
    </message>
    <message>
        <source>{node} (relu): {dead} of {units} units are dead; no row has an input above 0</source>
        <translation>{node}（relu）：{units} 个单元中有 {dead} 个失活；没有一行的输入大于 0</translation>
    </message>
    <message>
        <source>{node} ({op}) is saturated at {value}: hardly any gradient passes</source>
        <translation>{node}（{op}）在 {value} 处饱和：梯度几乎传不过去</translation>
    </message>
    <message>
        <source>{node} ({op}) is saturated in {percent} % of its entries: hardly any gradient passes</source>
        <translation>{node}（{op}）有 {percent} % 的元素饱和：梯度几乎传不过去</translation>
    </message>
    <message>
        <source>{node} ({op}) is {what}: {why}</source>
        <translation>{node}（{op}）的值是 {what}：{why}</translation>
    </message>
    <message>
        <source>{node} ({op}): the backward formula of {port} is wrong: at an input drawn at random it gives {given}, and finite differences give {wanted}</source>
        <translation>{node}（{op}）：{port} 的反向公式有误：在随机抽取的输入上，公式给出 {given}，有限差分给出 {wanted}</translation>
    </message>
    <message>
        <source>{node} ({op}): the gradient of its input {port} is not finite here</source>
        <translation>{node}（{op}）：输入 {port} 的梯度在此处不是有限数</translation>
    </message>
    <message>
        <source>{node} ({op}): there is not enough memory for it</source>
        <translation>{node}（{op}）：内存不足</translation>
    </message>
    <message>
        <source>{node} ({op}): x {x} and y {y} are spread to {both}; is that meant?</source>
        <translation>{node}（{op}）：x {x} 和 y {y} 被广播成 {both}；这是本意吗？</translation>
    </message>
    <message>
        <source>{node} ({op}): {what}</source>
        <translation>{node}（{op}）：{what}</translation>
    </message>
    <message>
        <source>{node} ({op}): {what} [{fed}]</source>
        <translation>{node}（{op}）：{what} [{fed}]</translation>
    </message>
    <message>
        <source>{node} became {what}</source>
        <translation>{node} 变成了 {what}</translation>
    </message>
    <message>
        <source>{node} can be changed, and the loss with it</source>
        <translation>{node} 可以改动，损失也就随之可以改动</translation>
    </message>
    <message>
        <source>{node} can be changed: name the prediction and its targets</source>
        <translation>{node} 可以改动：请写明 prediction 及其 targets</translation>
    </message>
    <message>
        <source>{node} cannot be moved a little, so nothing is compared: {reason}</source>
        <translation>{node} 不能作微小的变动，因此无法比较：{reason}</translation>
    </message>
    <message>
        <source>{node} cannot be recomputed: it is not computed on the way to {output}</source>
        <translation>无法重新计算 {node}：计算 {output} 时用不到它</translation>
    </message>
    <message>
        <source>{node} cannot be trained: {reason}</source>
        <translation>{node} 无法训练：{reason}</translation>
    </message>
    <message>
        <source>{node} depends on itself: the nodes form a cycle: {cycle}</source>
        <translation>{node} 依赖于它自己：这些节点形成环：{cycle}</translation>
    </message>
    <message>
        <source>{node} depends on {target}, which it should predict</source>
        <translation>{node} 依赖于 {target}，而它正是要预测的</translation>
    </message>
    <message>
        <source>{node} does not depend on any parameter, so nothing can be trained</source>
        <translation>{node} 不依赖于任何参数，因此无法训练</translation>
    </message>
    <message>
        <source>{node} gets no gradient: on every way to {output} stands an op that passes none</source>
        <translation>{node} 得不到梯度：通向 {output} 的每条路径上都有不传递梯度的运算</translation>
    </message>
    <message>
        <source>{node} has lost the link this was about</source>
        <translation>{node} 已不再有所说的那条边</translation>
    </message>
    <message>
        <source>{node} has no derivative by its input {port}</source>
        <translation>{node} 对输入 {port} 没有导数</translation>
    </message>
    <message>
        <source>{node} has no port {port}; it has: {ports}</source>
        <translation>{node} 没有端口 {port}；它有：{ports}</translation>
    </message>
    <message>
        <source>{node} has no rows to train on</source>
        <translation>{node} 没有可供训练的行</translation>
    </message>
    <message>
        <source>{node} has no two inputs to swap</source>
        <translation>{node} 没有两个可以互换的输入</translation>
    </message>
    <message>
        <source>{node} has no value</source>
        <translation>{node} 没有值</translation>
    </message>
    <message>
        <source>{node} has no value to differentiate at its input {port}</source>
        <translation>{node} 没有可以对输入 {port} 求导的值</translation>
    </message>
    <message>
        <source>{node} has no value yet</source>
        <translation>{node} 还没有值</translation>
    </message>
    <message>
        <source>{node} has shape {shape} and its vector {given}</source>
        <translation>{node} 的形状是 {shape}，而给它的向量是 {given}</translation>
    </message>
    <message>
        <source>{node} is a leaf: it has no input that it could pass on</source>
        <translation>{node} 是叶节点：没有可以直通的输入</translation>
    </message>
    <message>
        <source>{node} is computed by {op}: only leaves take a value</source>
        <translation>{node} 由 {op} 算出：只有叶子节点可以设值</translation>
    </message>
    <message>
        <source>{node} is given: it stays as it is</source>
        <translation>{node} 是给定的，不能改动</translation>
    </message>
    <message>
        <source>{node} is in the frame {other} too</source>
        <translation>{node} 也在框 {other} 中</translation>
    </message>
    <message>
        <source>{node} is made by {op}, an op of your own: build it from those that are there</source>
        <translation>{node} 用的是你自己定义的运算 {op}：请用已有的运算搭建</translation>
    </message>
    <message>
        <source>{node} is made by {op}; allowed are {ops}</source>
        <translation>{node} 用了 {op}；允许的运算有 {ops}</translation>
    </message>
    <message>
        <source>{node} is muted, so that it computes nothing</source>
        <translation>{node} 已停用，什么也不计算</translation>
    </message>
    <message>
        <source>{node} is named as data, so its first axis counts rows, but it is one number</source>
        <translation>{node} 标为数据，第一个轴应是各行样本，但它只是一个数</translation>
    </message>
    <message>
        <source>{node} is no input or parameter that {output} depends on</source>
        <translation>{node} 不是 {output} 所依赖的输入或参数</translation>
    </message>
    <message>
        <source>{node} is no leaf: it cannot be drawn</source>
        <translation>{node} 不是叶节点，不能随机取值</translation>
    </message>
    <message>
        <source>{node} is no part of this step, or has no gradient in it</source>
        <translation>{node} 不属于这一步的计算，或在其中没有梯度</translation>
    </message>
    <message>
        <source>{node} is not used: it does not feed the output {output}</source>
        <translation>{node} 没有被用到：它不参与输出 {output} 的计算</translation>
    </message>
    <message>
        <source>{node} is to be made, but it is given</source>
        <translation>{node} 应由学生创建，却已经给出</translation>
    </message>
    <message>
        <source>{node} stands before {other}, which it needs</source>
        <translation>{node} 排在了它所需要的 {other} 之前</translation>
    </message>
    <message>
        <source>{node} stands before {other}, whose gradient it is made of</source>
        <translation>{node} 排在了 {other} 之前，而它的梯度要由后者的梯度得来</translation>
    </message>
    <message>
        <source>{node} stands there twice</source>
        <translation>{node} 出现了两次</translation>
    </message>
    <message>
        <source>{node} still uses {op}</source>
        <translation>{node} 还在使用 {op}</translation>
    </message>
    <message>
        <source>{node} uses {op}: the number of its inputs cannot change</source>
        <translation>{node} 在使用 {op}：不能改变它的输入个数</translation>
    </message>
    <message>
        <source>{node} would take too much work to compute</source>
        <translation>计算 {node} 的工作量太大</translation>
    </message>
    <message>
        <source>{node}: PyTorch has no {op} like this, and the NumPy code that takes its place holds for one number of rows: train on all rows at once</source>
        <translation>{node}：PyTorch 没有这样的 {op}，而代替它的 NumPy 代码只适用于一种行数：请一次用所有行训练</translation>
    </message>
    <message>
        <source>{node}: a draw of 1 to {most} numbers is needed</source>
        <translation>{node}：抽取的数应为 1 到 {most} 个</translation>
    </message>
    <message>
        <source>{node}: a pinned label lies too far out</source>
        <translation>{node}：固定的标签位置太远</translation>
    </message>
    <message>
        <source>{node}: a range must go from one number up to another</source>
        <translation>{node}：范围必须由小到大</translation>
    </message>
    <message>
        <source>{node}: a value is a number or nested lists of equal length</source>
        <translation>{node}：值应为一个数，或长度一致的嵌套列表</translation>
    </message>
    <message>
        <source>{node}: a value must be finite, not inf or nan</source>
        <translation>{node}：值必须是有限的数，不能是 inf 或 nan</translation>
    </message>
    <message>
        <source>{node}: all values up to it would take {size:.1f} GiB; {most:.0f} is the most</source>
        <translation>{node}：到它为止的所有值需要 {size:.1f} GiB；最多 {most:.0f} GiB</translation>
    </message>
    <message>
        <source>{node}: its input “{source}” is not in the graph</source>
        <translation>{node}：它的输入“{source}”不在计算图里</translation>
    </message>
    <message>
        <source>{node}: linking {source} into it would close a cycle: {cycle}</source>
        <translation>{node}：把 {source} 连到这里会形成环：{cycle}</translation>
    </message>
    <message>
        <source>{node}: nothing is connected to its input {ports}</source>
        <translation>{node}：输入 {ports} 没有连接</translation>
    </message>
    <message>
        <source>{node}: the columns {first} and {second} have the same number</source>
        <translation>{node}：列 {first} 与列 {second} 的编号相同</translation>
    </message>
    <message>
        <source>{node}: the setting {setting} of {op} takes {kind}, not {value}</source>
        <translation>{node}：{op} 的设置项 {setting} 应为{kind}，而不是 {value}</translation>
    </message>
    <message>
        <source>{node}: there is no op called “{op}”</source>
        <translation>{node}：没有名为“{op}”的算子</translation>
    </message>
    <message>
        <source>{node}: unlike may name leaves drawn before it, each one number</source>
        <translation>{node}：unlike 只能写在它之前抽取的叶节点，且每个都是单个数</translation>
    </message>
    <message>
        <source>{node}: what {op} is composed of depends on the shapes of its inputs, which are not known yet</source>
        <translation>{node}：{op} 如何分解取决于输入的形状，而这些形状还不知道</translation>
    </message>
    <message>
        <source>{node}: {op} has no setting “{setting}”; it has: {known}</source>
        <translation>{node}：{op} 没有设置项“{setting}”；它有：{known}</translation>
    </message>
    <message>
        <source>{node}: {op} has other ports than {old}</source>
        <translation>{node}：{op} 的端口与 {old} 的不同</translation>
    </message>
    <message>
        <source>{node}: {op} is defined by this graph; a formula cannot say it</source>
        <translation>{node}：{op} 是本图自己定义的；公式无法表示它</translation>
    </message>
    <message>
        <source>{node}: {op} is not composed of other ops</source>
        <translation>{node}：{op} 不能分解为其他算子</translation>
    </message>
    <message>
        <source>{node}: {op} takes {count} inputs, not {given}</source>
        <translation>{node}：{op} 需要 {count} 个输入，而不是 {given} 个</translation>
    </message>
    <message>
        <source>{node}: {source} does not feed it any more</source>
        <translation>{node}：{source} 已不再输入它</translation>
    </message>
    <message>
        <source>{node}: {source} has no column of that name; its columns are {columns}, and the data leaves are {leaves}</source>
        <translation>{node}：{source} 没有同名的列；它的列是 {columns}，而数据叶子节点是 {leaves}</translation>
    </message>
    <message>
        <source>{node}: {source} has {columns}, but none of them has the number {number}</source>
        <translation>{node}：{source} 有 {columns}，但没有编号为 {number} 的列</translation>
    </message>
    <message>
        <source>{number} is not a finite number</source>
        <translation>{number} 不是有限的数</translation>
    </message>
    <message>
        <source>{number} is too large for a number</source>
        <translation>{number} 太大，超出了浮点数的范围</translation>
    </message>
    <message>
        <source>{op} has no setting “{setting}”; it has: {known}</source>
        <translation>{op} 没有设置项“{setting}”；它有：{known}</translation>
    </message>
    <message>
        <source>{op} is finite at none of the inputs it was tried at</source>
        <translation>{op} 在试过的所有输入处都不是有限的数</translation>
    </message>
    <message>
        <source>{op} is given {given} inputs and takes {count}: {inputs}</source>
        <translation>给了 {op} {given} 个输入，而它需要 {count} 个：{inputs}</translation>
    </message>
    <message>
        <source>{op} is not allowed here; allowed are {ops}</source>
        <translation>这里不能用 {op}；可用的是 {ops}</translation>
    </message>
    <message>
        <source>{op} may not be used here; allowed are {ops}</source>
        <translation>这里不能用 {op}；允许的运算有 {ops}</translation>
    </message>
    <message>
        <source>{op} needs 1 to {most} inputs with different names</source>
        <translation>{op} 需要 1 到 {most} 个名称各不相同的输入</translation>
    </message>
    <message>
        <source>{op} takes a list of inputs, as in {op}([x, y])</source>
        <translation>{op} 要求把输入写成列表，例如 {op}([x, y])</translation>
    </message>
    <message>
        <source>{op} takes its numbers and requires_grad only</source>
        <translation>{op} 只接受数和 requires_grad</translation>
    </message>
    <message>
        <source>{op} takes one number or one list of numbers</source>
        <translation>{op} 只接受一个数或一个由数组成的列表</translation>
    </message>
    <message>
        <source>{op} takes one operation, as in {op}(x + y)</source>
        <translation>{op} 只接受一个运算，例如 {op}(x + y)</translation>
    </message>
    <message>
        <source>{op}, formula of {which}: {wrong}</source>
        <translation>{op}，{which} 的公式：{wrong}</translation>
    </message>
    <message>
        <source>{op}: no input can be called {port}, which backward formulas use</source>
        <translation>{op}：输入不能叫 {port}，反向公式要用这个名称</translation>
    </message>
    <message>
        <source>{op}: the formula of {which} is not finished</source>
        <translation>{op}：{which} 的公式还没有写完</translation>
    </message>
    <message>
        <source>{op}: the formula of {which} is too long</source>
        <translation>{op}：{which} 的公式太长</translation>
    </message>
    <message>
        <source>{op}: the formula of {which} uses {name}; it may use {allowed}</source>
        <translation>{op}：{which} 的公式用到了 {name}；可以用的是 {allowed}</translation>
    </message>
    <message>
        <source>{op}: there must be one backward formula for each input; see {port}</source>
        <translation>{op}：每个输入都要有一个反向公式；请看 {port}</translation>
    </message>
    <message>
        <source>{output} does not depend on {node}</source>
        <translation>{output} 不依赖于 {node}</translation>
    </message>
    <message>
        <source>{part}: nothing stands here yet.</source>
        <translation>{part}：这里还没有填。</translation>
    </message>
    <message>
        <source>{part}: {said}</source>
        <translation>{part}：{said}</translation>
    </message>
    <message>
        <source>{part}: {said}.</source>
        <translation>{part}：{said}。</translation>
    </message>
    <message>
        <source>{points} points, {penalty} of them taken off for being late (days: {days})</source>
        <translation>{points} 分，因迟交 {days} 天扣去 {penalty} 分</translation>
    </message>
    <message>
        <source>{port} is a scalar: @ takes arrays; × multiplies by a number</source>
        <translation>{port} 是标量：@ 只用于数组；乘以一个数请用 ×</translation>
    </message>
    <message>
        <source>{port} is {shape}, and the equation {equation} gives it {count} axes: {letters}</source>
        <translation>{port} 的形状是 {shape}，而下标式 {equation} 给它 {count} 个轴：{letters}</translation>
    </message>
    <message>
        <source>{rows} rows and {columns} columns are too many for this table</source>
        <translation>{rows} 行 {columns} 列超出了这个表格的大小</translation>
    </message>
    <message>
        <source>{said}{place}</source>
        <translation>{place}{said}</translation>
    </message>
    <message>
        <source>{setting} {number}</source>
        <translation>{setting} {number}</translation>
    </message>
    <message>
        <source>{size} numbers do not fill this shape</source>
        <translation>{size} 个数填不满这个形状</translation>
    </message>
    <message>
        <source>{value} is no class number: with {count} classes they are the whole numbers from 0 to {last}</source>
        <translation>{value} 不是类别编号：共 {count} 类时，编号是 0 到 {last} 的整数</translation>
    </message>
    <message>
        <source>{value} is no number</source>
        <translation>{value} 不是数</translation>
    </message>
    <message>
        <source>{value} is no row number: with {count} rows they are the whole numbers from 0 to {last}</source>
        <translation>{value} 不是行号：共 {count} 行时，行号是 0 到 {last} 的整数</translation>
    </message>
    <message>
        <source>{what} is not part of a formula</source>
        <translation>公式里不能用 {what}</translation>
    </message>
    <message>
        <source>{{ }} is not part of a formula</source>
        <translation>公式里不能用 {{ }}</translation>
    </message>
    <message>
        <source>“.{name}” is not part of a formula; .T transposes</source>
        <translation>公式里不能用“.{name}”；.T 表示转置</translation>
    </message>
    <message>
        <source>“{cell}” is not a number (decimals are written with a point)</source>
        <translation>“{cell}”不是数（小数点请用“.”）</translation>
    </message>
    <message>
        <source>“{field}” is no word that can stand there{place}</source>
        <translation>{place}“{field}”不是这里可用的词</translation>
    </message>
    <message>
        <source>“{field}” must be {expected}{length}, not {given}</source>
        <translation>“{field}”必须是{expected}{length}，不能是{given}</translation>
    </message>
    <message>
        <source>“{formula}” does not work out: {shapes}</source>
        <translation>“{formula}”的形状对不上：{shapes}</translation>
    </message>
    <message>
        <source>“{key}” stands twice in one object</source>
        <translation>“{key}”在同一个对象里出现了两次</translation>
    </message>
    <message>
        <source>“{name}” cannot be a node&apos;s name: letters, digits and _ , no digit first, at most {longest} of them</source>
        <translation>“{name}”不能作为节点名称：名称由字母、数字和 _ 组成，不能以数字开头，最多 {longest} 个字符</translation>
    </message>
    <message>
        <source>“{name}” is none of the nodes to order: {nodes}</source>
        <translation>“{name}”不在要排序的节点之中：{nodes}</translation>
    </message>
    <message>
        <source>“{text}” has a comma: write a point, such as 0.5</source>
        <translation>“{text}”里有逗号：小数点请用点，例如 0.5</translation>
    </message>
    <message>
        <source>“{text}” is no number</source>
        <translation>“{text}”不是数</translation>
    </message>
    <message>
        <source>“{text}” is not worked out: write it with a point, such as 0.5</source>
        <translation>“{text}”没有算出来：请写成小数，例如 0.5</translation>
    </message>
</context>
<context>
    <name>ops</name>
    <message>
        <source>A big addition: every entry that was summed gets the same gradient.</source>
        <translation>一次大的加法：参与求和的每个元素得到相同的梯度。</translation>
    </message>
    <message>
        <source>A class number is a label, not a quantity: no gradient passes.</source>
        <translation>类别编号只是标签，不是数量：没有梯度通过。</translation>
    </message>
    <message>
        <source>A comparison is a step: it is flat, so no gradient passes.</source>
        <translation>比较是阶跃函数：处处是平的，所以没有梯度通过。</translation>
    </message>
    <message>
        <source>A fixed value. Nothing flows back into it, because it never changes.</source>
        <translation>固定的值。它从不变化，所以没有梯度流回这里。</translation>
    </message>
    <message>
        <source>A gate that opens smoothly: the gradient is scaled by Φ(x) + x · φ(x).</source>
        <translation>一道平滑打开的门：梯度乘以 Φ(x) + x · φ(x)。</translation>
    </message>
    <message>
        <source>A gate that opens smoothly: the gradient is scaled by σ(x) · (1 + x · (1 − σ(x))).</source>
        <translation>一道平滑打开的门：梯度乘以 σ(x) · (1 + x · (1 − σ(x)))。</translation>
    </message>
    <message>
        <source>A gate: the gradient passes where x &gt; 0 and stops elsewhere.</source>
        <translation>一道门：x &gt; 0 时梯度通过，否则截断。</translation>
    </message>
    <message>
        <source>A given value. Its gradient says how much the output would change if it changed; training leaves it alone.</source>
        <translation>给定的值。它的梯度表示：它变化时输出会随之变化多少。训练不会改动它。</translation>
    </message>
    <message>
        <source>A matrix product of every window with the same kernel: the kernel&apos;s gradient is a sum over all places, and a pixel&apos;s over all windows it is in.</source>
        <translation>每个窗口与同一个卷积核相乘：卷积核的梯度是所有位置之和，像素的梯度是它所在的所有窗口之和。</translation>
    </message>
    <message>
        <source>A pixel is in several windows: the gradients of all its copies add up.</source>
        <translation>一个像素会出现在几个窗口里：它的所有副本的梯度相加。</translation>
    </message>
    <message>
        <source>A second name for a value: the gradient passes unchanged.</source>
        <translation>给同一个值另起一个名字：梯度原样通过。</translation>
    </message>
    <message>
        <source>A smooth ReLU: the gradient is scaled by σ(x), between 0 and 1.</source>
        <translation>光滑的 ReLU：梯度乘以 σ(x)，它介于 0 和 1 之间。</translation>
    </message>
    <message>
        <source>A soft maximum: the gradient is shared out by softmax, most of it to the largest.</source>
        <translation>软化的最大值：梯度按 softmax 分配，最大的元素分得最多。</translation>
    </message>
    <message>
        <source>A sum divided by n: every entry gets the same gradient, divided by their number n.</source>
        <translation>求和再除以 n：每个元素得到相同的梯度，即上游梯度除以元素个数 n。</translation>
    </message>
    <message>
        <source>A switch: the gradient goes to the input that was chosen.</source>
        <translation>一个开关：梯度流向被选中的输入。</translation>
    </message>
    <message>
        <source>A value to be learned. A step of gradient descent moves it against its gradient: w ← w − η · ∂L/∂w.</source>
        <translation>要学习的值。梯度下降的每一步都让它沿负梯度方向移动：w ← w − η · ∂L/∂w。</translation>
    </message>
    <message>
        <source>Addition hands the upstream gradient to both inputs unchanged.</source>
        <translation>加法把上游梯度原样分给两个输入。</translation>
    </message>
    <message>
        <source>An entry is in every sum from its place on: its gradient is the sum of theirs.</source>
        <translation>一个元素参与从它的位置开始的每个和：它的梯度是这些和的梯度之和。</translation>
    </message>
    <message>
        <source>Arithmetic</source>
        <translation>算术</translation>
    </message>
    <message>
        <source>At 0 the slope is alpha, as PyTorch has it.</source>
        <translation>在 0 处斜率取 alpha，与 PyTorch 一致。</translation>
    </message>
    <message>
        <source>At 0 the slope is negative_slope, as PyTorch has it.</source>
        <translation>在 0 处斜率取 negative_slope，与 PyTorch 一致。</translation>
    </message>
    <message>
        <source>At 0 the slope is taken as 0, as PyTorch has it.</source>
        <translation>在 0 处斜率取 0，与 PyTorch 一致。</translation>
    </message>
    <message>
        <source>At 0 there is a jump; the slope is taken as 0.</source>
        <translation>在 0 处有跳跃；斜率取 0。</translation>
    </message>
    <message>
        <source>At equal inputs it jumps; the slope is taken as 0.</source>
        <translation>两个输入相等时有跳跃；斜率取 0。</translation>
    </message>
    <message>
        <source>At the zero vector the slope is taken as 0, as PyTorch has it.</source>
        <translation>在零向量处斜率取 0，与 PyTorch 一致。</translation>
    </message>
    <message>
        <source>Constant</source>
        <translation>常数</translation>
    </message>
    <message>
        <source>ELU</source>
        <translation>ELU</translation>
    </message>
    <message>
        <source>Each copy of a pixel gets the gradient of the pixel.</source>
        <translation>像素的每份副本都得到这个像素的梯度。</translation>
    </message>
    <message>
        <source>Each input gets the upstream gradient times the other input&apos;s value.</source>
        <translation>每个输入得到的梯度，是上游梯度乘以另一个输入的值。</translation>
    </message>
    <message>
        <source>Each input gets the upstream gradient times the other input, transposed: the only way the shapes work out.</source>
        <translation>每个输入得到的梯度，是上游梯度与另一个输入的转置相乘：只有这样形状才对得上。</translation>
    </message>
    <message>
        <source>Each row gets the gradients of all places it was used at, summed; rows never used get zero. An index is a label: no gradient passes.</source>
        <translation>每一行得到它被使用的所有位置的梯度之和，没有用到的行得到零。索引只是标签：没有梯度通过。</translation>
    </message>
    <message>
        <source>Each row of x gets the gradient of the row it was added to.</source>
        <translation>x 的每一行得到它所加到的那一行的梯度。</translation>
    </message>
    <message>
        <source>Equal extremes share the gradient equally, as torch.amax has it.</source>
        <translation>有多个相等的最值时平分梯度，与 torch.amax 一致。</translation>
    </message>
    <message>
        <source>Equal inputs share the gradient, half each, as torch.maximum has it.</source>
        <translation>两个输入相等时各分一半梯度，与 torch.maximum 一致。</translation>
    </message>
    <message>
        <source>Equal inputs share the gradient, half each, as torch.minimum has it.</source>
        <translation>两个输入相等时各分一半梯度，与 torch.minimum 一致。</translation>
    </message>
    <message>
        <source>Every copy sends its gradient back, and they add up: copying is the dual of adding.</source>
        <translation>每份副本都传回自己的梯度，它们相加在一起：复制与相加互为对偶。</translation>
    </message>
    <message>
        <source>Every entry gets its distance from the mean, twice, divided by n − correction; moving all entries together changes nothing.</source>
        <translation>每个元素得到它与均值之差的两倍，再除以 n − correction；所有元素一起平移不会改变方差。</translation>
    </message>
    <message>
        <source>Every entry of a window gets the same gradient, divided by their number.</source>
        <translation>窗口里的每个元素得到相同的梯度，即上游梯度除以元素个数。</translation>
    </message>
    <message>
        <source>Exactly at the margin the slope is taken as 0.</source>
        <translation>恰好在间隔边界上时，斜率取 0。</translation>
    </message>
    <message>
        <source>Flat on both sides of 0: no gradient passes.</source>
        <translation>在 0 的两侧都是平的：没有梯度通过。</translation>
    </message>
    <message>
        <source>Functions</source>
        <translation>函数</translation>
    </message>
    <message>
        <source>GELU</source>
        <translation>GELU</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>网络层</translation>
    </message>
    <message>
        <source>Leaves</source>
        <translation>叶子节点</translation>
    </message>
    <message>
        <source>Linear algebra</source>
        <translation>线性代数</translation>
    </message>
    <message>
        <source>Logic</source>
        <translation>逻辑</translation>
    </message>
    <message>
        <source>Losses</source>
        <translation>损失函数</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>Muted: one input passes as it is, and so does its gradient.</source>
        <translation>已屏蔽：一个输入原样通过，它的梯度也原样传回。</translation>
    </message>
    <message>
        <source>Of equal largest entries the first gets the gradient, row by row, as PyTorch has it.</source>
        <translation>有多个相等的最大元素时，按行的顺序由第一个得到梯度，与 PyTorch 一致。</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>ReLU</source>
        <translation>ReLU</translation>
    </message>
    <message>
        <source>Reductions</source>
        <translation>归约</translation>
    </message>
    <message>
        <source>Scores on the right side by a margin of 1 get no gradient; the others get −y ÷ n.</source>
        <translation>得分分对且间隔达到 1 时没有梯度；其余的得到 −y ÷ n。</translation>
    </message>
    <message>
        <source>Shapes</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Shares that sum to 1: raising one score lowers the others, so the gradient is out · (g − Σ g·out).</source>
        <translation>各份之和为 1：一个得分升高，其余的份额就降低，所以梯度是 out · (g − Σ g·out)。</translation>
    </message>
    <message>
        <source>Shifting or stretching a row changes nothing, so the gradient loses its mean and its part along the output.</source>
        <translation>平移或缩放一行不会改变结果，所以梯度要减去自己的均值，以及沿输出方向的分量。</translation>
    </message>
    <message>
        <source>SiLU</source>
        <translation>SiLU</translation>
    </message>
    <message>
        <source>Softmax and log together leave the simplest gradient there is: (p − target) ÷ n.</source>
        <translation>softmax 与 log 合在一起，梯度最为简单：(p − target) ÷ n。</translation>
    </message>
    <message>
        <source>Subtraction hands the gradient on: unchanged to the first, negated to the second.</source>
        <translation>减法把梯度传下去：第一个输入得到原样的梯度，第二个输入得到取反的梯度。</translation>
    </message>
    <message>
        <source>The gradient changes its sign.</source>
        <translation>梯度变号。</translation>
    </message>
    <message>
        <source>The gradient goes back to the entries taken; the others get zero.</source>
        <translation>梯度流回被取出的元素，其余的得到零。</translation>
    </message>
    <message>
        <source>The gradient goes to the largest entry alone; all others get zero.</source>
        <translation>梯度只流向最大的元素，其余的得到零。</translation>
    </message>
    <message>
        <source>The gradient goes to the smallest entry alone; all others get zero.</source>
        <translation>梯度只流向最小的元素，其余的得到零。</translation>
    </message>
    <message>
        <source>The gradient is an einsum again: the letters of the result and of an input change places.</source>
        <translation>梯度仍是一次 einsum：把结果与某个输入的下标互换即可。</translation>
    </message>
    <message>
        <source>The gradient is cut at the seams; each input gets its own piece.</source>
        <translation>梯度在接缝处切开，每个输入得到自己的那一段。</translation>
    </message>
    <message>
        <source>The gradient is divided by twice the output.</source>
        <translation>梯度除以输出的两倍。</translation>
    </message>
    <message>
        <source>The gradient is divided by x: the nearer to zero, the steeper.</source>
        <translation>梯度除以 x：越靠近零越陡。</translation>
    </message>
    <message>
        <source>The gradient is g − softmax(x) · Σ g.</source>
        <translation>梯度是 g − softmax(x) · Σ g。</translation>
    </message>
    <message>
        <source>The gradient is given the dropped axes back.</source>
        <translation>梯度恢复被去掉的轴。</translation>
    </message>
    <message>
        <source>The gradient is given the input&apos;s shape back.</source>
        <translation>梯度恢复成输入的形状。</translation>
    </message>
    <message>
        <source>The gradient is read back from the places x was put in.</source>
        <translation>梯度从 x 放入的位置取回。</translation>
    </message>
    <message>
        <source>The gradient is scaled by 1 − out²: near ±1 the unit saturates and it vanishes.</source>
        <translation>梯度乘以 1 − out²：输出接近 ±1 时单元饱和，梯度消失。</translation>
    </message>
    <message>
        <source>The gradient is scaled by cos x.</source>
        <translation>梯度乘以 cos x。</translation>
    </message>
    <message>
        <source>The gradient is scaled by out · (1 − out), which is at most ¼, at x = 0.</source>
        <translation>梯度乘以 out · (1 − out)，它最大为 ¼，在 x = 0 处取到。</translation>
    </message>
    <message>
        <source>The gradient is scaled by the bell curve 2/√π · exp(−x²).</source>
        <translation>梯度乘以钟形曲线 2/√π · exp(−x²)。</translation>
    </message>
    <message>
        <source>The gradient is scaled by twice the input.</source>
        <translation>梯度乘以输入的两倍。</translation>
    </message>
    <message>
        <source>The gradient is scaled by −2/√π · exp(−x²).</source>
        <translation>梯度乘以 −2/√π · exp(−x²)。</translation>
    </message>
    <message>
        <source>The gradient is scaled by −sin x.</source>
        <translation>梯度乘以 −sin x。</translation>
    </message>
    <message>
        <source>The gradient is transposed back.</source>
        <translation>梯度再转置回来。</translation>
    </message>
    <message>
        <source>The gradient of a window goes to its largest entry alone; all others get zero.</source>
        <translation>窗口的梯度只流向其中最大的元素，其余的得到零。</translation>
    </message>
    <message>
        <source>The gradient passes where the mask is 1, scaled as the value was, and stops at 0.</source>
        <translation>掩码为 1 处梯度通过，并与前向时的值同样缩放；掩码为 0 处截断。</translation>
    </message>
    <message>
        <source>The gradient passes where x &gt; 0 and is scaled by alpha · exp(x) elsewhere.</source>
        <translation>x &gt; 0 时梯度通过，否则乘以 alpha · exp(x)。</translation>
    </message>
    <message>
        <source>The gradient passes where x &gt; 0 and is scaled by negative_slope elsewhere.</source>
        <translation>x &gt; 0 时梯度通过，否则乘以 negative_slope。</translation>
    </message>
    <message>
        <source>The gradient passes where x is positive and is negated where negative.</source>
        <translation>x 为正时梯度原样通过，x 为负时梯度变号。</translation>
    </message>
    <message>
        <source>The gradient points along x: every entry gets its share x ÷ out of the length.</source>
        <translation>梯度沿 x 的方向：每个元素得到自己在长度中所占的比例 x ÷ out。</translation>
    </message>
    <message>
        <source>The numerator gets the gradient divided by the denominator; the denominator gets it times −out ÷ y, so small denominators make large gradients.</source>
        <translation>分子得到上游梯度除以分母；分母得到上游梯度乘以 −out ÷ y，所以分母越小，梯度越大。</translation>
    </message>
    <message>
        <source>The power rule: the base gets the gradient times y · x^(y−1), the exponent gets it times out · ln x.</source>
        <translation>幂法则：底数得到上游梯度乘以 y · x^(y−1)，指数得到上游梯度乘以 out · ln x。</translation>
    </message>
    <message>
        <source>The prediction gets 2 (x − y) ÷ n: the error itself, so large errors pull hardest.</source>
        <translation>预测值得到 2 (x − y) ÷ n：正比于误差本身，所以误差越大，拉力越大。</translation>
    </message>
    <message>
        <source>The prediction gets 2 (x − y): twice its error.</source>
        <translation>预测值得到 2 (x − y)：误差的两倍。</translation>
    </message>
    <message>
        <source>The whole gradient goes to the larger input; the smaller one gets zero.</source>
        <translation>梯度全部流向较大的输入，较小的输入得到零。</translation>
    </message>
    <message>
        <source>The whole gradient goes to the smaller input; the larger one gets zero.</source>
        <translation>梯度全部流向较小的输入，较大的输入得到零。</translation>
    </message>
    <message>
        <source>abs</source>
        <translation>绝对值</translation>
    </message>
    <message>
        <source>add</source>
        <translation>加法</translation>
    </message>
    <message>
        <source>average pool</source>
        <translation>平均池化</translation>
    </message>
    <message>
        <source>broadcast to</source>
        <translation>广播</translation>
    </message>
    <message>
        <source>concat</source>
        <translation>拼接</translation>
    </message>
    <message>
        <source>conv2d</source>
        <translation>二维卷积</translation>
    </message>
    <message>
        <source>cos</source>
        <translation>余弦 cos</translation>
    </message>
    <message>
        <source>div</source>
        <translation>除法</translation>
    </message>
    <message>
        <source>dropout</source>
        <translation>dropout</translation>
    </message>
    <message>
        <source>einsum</source>
        <translation>einsum</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>equal</source>
        <translation>等于</translation>
    </message>
    <message>
        <source>erf</source>
        <translation>误差函数</translation>
    </message>
    <message>
        <source>erfc</source>
        <translation>互补误差函数</translation>
    </message>
    <message>
        <source>exp</source>
        <translation>指数 exp</translation>
    </message>
    <message>
        <source>exp is its own derivative: the gradient is scaled by the output.</source>
        <translation>exp 的导数就是它自己：梯度乘以输出。</translation>
    </message>
    <message>
        <source>fold</source>
        <translation>fold</translation>
    </message>
    <message>
        <source>gradient adder</source>
        <translation>梯度累加器</translation>
    </message>
    <message>
        <source>gradient distributor</source>
        <translation>梯度分配器</translation>
    </message>
    <message>
        <source>gradient gate</source>
        <translation>梯度门</translation>
    </message>
    <message>
        <source>gradient mover</source>
        <translation>梯度搬运器</translation>
    </message>
    <message>
        <source>gradient router</source>
        <translation>梯度路由器</translation>
    </message>
    <message>
        <source>gradient swapper</source>
        <translation>梯度交换器</translation>
    </message>
    <message>
        <source>greater</source>
        <translation>大于</translation>
    </message>
    <message>
        <source>greater or equal</source>
        <translation>大于等于</translation>
    </message>
    <message>
        <source>hinge</source>
        <translation>合页损失</translation>
    </message>
    <message>
        <source>identity</source>
        <translation>恒等</translation>
    </message>
    <message>
        <source>layer norm</source>
        <translation>层归一化</translation>
    </message>
    <message>
        <source>leaky ReLU</source>
        <translation>leaky ReLU</translation>
    </message>
    <message>
        <source>less</source>
        <translation>小于</translation>
    </message>
    <message>
        <source>less or equal</source>
        <translation>小于等于</translation>
    </message>
    <message>
        <source>log</source>
        <translation>对数 log</translation>
    </message>
    <message>
        <source>log softmax</source>
        <translation>log softmax</translation>
    </message>
    <message>
        <source>log-sum-exp</source>
        <translation>log-sum-exp</translation>
    </message>
    <message>
        <source>matmul</source>
        <translation>矩阵乘法</translation>
    </message>
    <message>
        <source>max</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>max over axes</source>
        <translation>沿轴最大值</translation>
    </message>
    <message>
        <source>max pool</source>
        <translation>最大池化</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>min</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>min over axes</source>
        <translation>沿轴最小值</translation>
    </message>
    <message>
        <source>mul</source>
        <translation>乘法</translation>
    </message>
    <message>
        <source>neg</source>
        <translation>相反数</translation>
    </message>
    <message>
        <source>norm</source>
        <translation>范数</translation>
    </message>
    <message>
        <source>one-hot</source>
        <translation>独热编码</translation>
    </message>
    <message>
        <source>pow</source>
        <translation>幂</translation>
    </message>
    <message>
        <source>reshape</source>
        <translation>变形</translation>
    </message>
    <message>
        <source>running sum</source>
        <translation>累积和</translation>
    </message>
    <message>
        <source>scatter</source>
        <translation>放置</translation>
    </message>
    <message>
        <source>scatter add</source>
        <translation>散布相加</translation>
    </message>
    <message>
        <source>sigmoid</source>
        <translation>sigmoid</translation>
    </message>
    <message>
        <source>sign</source>
        <translation>符号 sign</translation>
    </message>
    <message>
        <source>sin</source>
        <translation>正弦 sin</translation>
    </message>
    <message>
        <source>slice</source>
        <translation>切片</translation>
    </message>
    <message>
        <source>softmax</source>
        <translation>softmax</translation>
    </message>
    <message>
        <source>softmax CE</source>
        <translation>交叉熵</translation>
    </message>
    <message>
        <source>softplus</source>
        <translation>softplus</translation>
    </message>
    <message>
        <source>sqrt</source>
        <translation>平方根</translation>
    </message>
    <message>
        <source>square</source>
        <translation>平方</translation>
    </message>
    <message>
        <source>squared error</source>
        <translation>平方误差</translation>
    </message>
    <message>
        <source>squeeze</source>
        <translation>去除单维</translation>
    </message>
    <message>
        <source>sub</source>
        <translation>减法</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>求和</translation>
    </message>
    <message>
        <source>tanh</source>
        <translation>tanh</translation>
    </message>
    <message>
        <source>transpose</source>
        <translation>转置</translation>
    </message>
    <message>
        <source>unfold</source>
        <translation>unfold</translation>
    </message>
    <message>
        <source>variance</source>
        <translation>方差</translation>
    </message>
    <message>
        <source>where</source>
        <translation>条件选择</translation>
    </message>
</context>
</TS>
