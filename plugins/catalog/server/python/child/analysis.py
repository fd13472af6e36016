"""Analyses a text with CPython: its docstring, its syntax errors, a fingerprint of the program, and its imports.

Loaded once, into the memory snapshot. The text is never run. It is decoded as `python script.py` decodes a file:
as UTF-8 unless it declares another encoding.
"""
import ast, hashlib, io, json, re, sys, tokenize, warnings

warnings.simplefilter('ignore')  # an invalid escape is a warning, not an error

# Fields of the tree that describe how the text is written, not what it does.
_LAYOUT = frozenset({'kind', 'ctx', 'type_comment'})


def docstring(content):
    """As `ast.get_docstring(tree, clean=False)`, but works even when the rest of the program is broken. None when there is none."""
    try:
        source = _leading_literals(_decoded(content))
        body = ast.parse(source).body if source else []
        value = body[0].value.value if len(body) == 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) else None
    except Exception:  # a text that does not tokenize or parse has no docstring, whatever CPython raises
        return None
    # UTF-8 cannot encode a lone surrogate.
    return re.sub('[\ud800-\udfff]', '\ufffd', value) if isinstance(value, str) else None


def _decoded(content):
    data = content.encode('utf-8', 'surrogatepass')
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return io.IncrementalNewlineDecoder(None, True).decode(data.decode(encoding), final=True)


def _leading_literals(source):
    """The source of the first statement when it consists of string literals only (in parentheses or not); else None."""
    first = last = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind, text, start, end, _ = token
        ends = kind == tokenize.ENDMARKER or kind == tokenize.NEWLINE or (kind == tokenize.OP and text == ';')
        if ends:
            break
        if kind in (tokenize.NL, tokenize.COMMENT):
            continue
        if kind != tokenize.STRING and not (kind == tokenize.OP and text in '()'):
            return None
        first, last = first or start, end
    if first is None:
        return None
    return _between(io.StringIO(source).readlines(), first, last)


def _between(lines, start, end):
    (first, left), (last, right) = start, end
    if first == last:
        return lines[first - 1][left:right]
    return lines[first - 1][left:] + ''.join(lines[first : last - 1]) + lines[last - 1][:right]


def problems(content):
    """Why the text does not compile, as `[line, column, message]` with the column in UTF-16 units; [] when it does."""
    data = content.encode('utf-8', 'surrogatepass')
    try:
        compile(data, 'script.py', 'exec', dont_inherit=True)
    except SyntaxError as error:
        return [_placed(content, data, error)]
    except RecursionError:
        return [[1, 1, 'The program is nested too deeply for Python to compile it.']]
    except MemoryError as error:
        return [[1, 1, str(error) or 'The program is too large or too deeply nested for Python to compile it.']]
    except Exception as error:  # an unknown encoding and the like: CPython refuses the file all the same
        return [[1, 1, f'{type(error).__name__}: {error}']]
    return []


def _placed(content, data, error):
    lines = io.StringIO(content, newline=None).read().split('\n')
    line = min(max(error.lineno or 1, 1), len(lines))
    text = lines[line - 1].removeprefix('\ufeff') if line == 1 else lines[line - 1]
    offset = max((error.offset or 1) - 1, 0)
    if not text.isascii() and not _is_of_the_parser(data):
        # The compiler counts bytes of UTF-8; the parser counts characters.
        offset = len(text.encode()[:offset].decode('utf-8', 'ignore'))
    column = len(text[:offset].encode('utf-16-le', 'surrogatepass')) // 2 + 1
    return [line, column, _sentence(error)]


def _is_of_the_parser(data):
    try:
        ast.parse(data)
    except SyntaxError:
        return True
    return False


def _sentence(error):
    message = error.msg or 'invalid syntax'
    return message[0].upper() + message[1:]


def fingerprint(content):
    """A hash of the tree without positions, layout and docstrings; None when the text does not compile."""
    data = content.encode('utf-8', 'surrogatepass')
    try:
        compile(data, 'script.py', 'exec', dont_inherit=True)
        tree = ast.parse(data)
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError):
        return None
    digest = hashlib.sha256()
    pending, parts = [tree], []
    # An explicit stack instead of recursion: the tree may be as deep as the text is long.
    while pending:
        value = pending.pop()
        if isinstance(value, ast.AST):
            name = type(value).__name__
            parts.append(name)
            fields = value.__dict__
            for field in reversed(value._fields):
                if field in _LAYOUT:
                    continue
                child = fields.get(field)
                if field == 'body' and name in _HAS_DOCSTRING:
                    child = _without_docstring(child, name)
                pending.append(child)
        elif isinstance(value, list):
            parts.append(f'[{len(value)}')
            pending.extend(reversed(value))
        else:
            parts.append(_atom(value))
        if len(parts) > 8192:
            digest.update('\n'.join(parts).encode() + b'\n')
            parts.clear()
    digest.update('\n'.join(parts).encode())
    return digest.hexdigest()


_HAS_DOCSTRING = frozenset({'Module', 'FunctionDef', 'AsyncFunctionDef', 'ClassDef'})


def _without_docstring(body, name):
    first = body[0] if body else None
    if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)):
        return body
    return body[1:] or ([] if name == 'Module' else [ast.Pass()])


def _atom(value):
    """With its type, because 1, 1.0 and True are equal; on one line, whatever the string contains."""
    if isinstance(value, int):
        return f'{type(value).__name__} {value:x}'  # Python takes seconds for the decimal digits of a large one, or refuses
    return f'{type(value).__name__} {ascii(value)}'


def imports(content):
    """The imports that a text needs, in order: `[module, line, whether it is in the standard library]`.

    Each module once. Empty when the text does not parse, or when it changes where modules are found.
    """
    try:
        tree = ast.parse(content.encode('utf-8', 'surrogatepass'))
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError):
        return []
    if any(_changes_module_search(node) for node in ast.walk(tree)):
        return []
    found, pending = {}, [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [] if node.level else [node.module]
        else:
            names = []
            pending.extend(reversed(_unconditional(node)))
        for name in names:
            found.setdefault(name, node.lineno)
    return [[name, line, name.partition('.')[0] in sys.stdlib_module_names] for name, line in found.items()]


_FINDING = frozenset({'path', 'modules', 'meta_path', 'path_hooks'})


def _changes_module_search(node):
    if isinstance(node, ast.Attribute):
        return node.attr == 'addsitedir' or (isinstance(node.value, ast.Name) and node.value.id == 'sys' and node.attr in _FINDING)
    return isinstance(node, ast.ImportFrom) and node.module == 'sys' and any(alias.name in _FINDING for alias in node.names)


def _unconditional(node):
    """The statements inside a statement that run unconditionally and whose import errors are not caught."""
    match node:
        case ast.If():
            truth = _truth(node.test)
            return [] if truth is None else node.body if truth else node.orelse
        case ast.Try() | ast.TryStar():
            if any(handler.type is None or _names_import_error(handler.type) for handler in node.handlers):
                return node.finalbody
            return node.body + node.orelse + node.finalbody
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return [] if any(_suppresses(item.context_expr) for item in items) else node.body
        # A function counts even if nothing calls it: most are called.
        case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.For() | ast.AsyncFor() | ast.While():
            return node.body
    return []


def _truth(test):
    """The value of a condition that is the same in every run; None for any other condition."""
    match test:
        case ast.Constant():
            return bool(test.value)
        case ast.Name(id='TYPE_CHECKING') | ast.Attribute(attr='TYPE_CHECKING'):
            return False
        case ast.UnaryOp(op=ast.Not()):
            truth = _truth(test.operand)
            return None if truth is None else not truth
        case ast.Compare(left=ast.Name(id='__name__'), ops=[ast.Eq()], comparators=[ast.Constant(value='__main__')]):
            return True
    return None


_CATCHES_IMPORT_ERROR = frozenset({'ImportError', 'ModuleNotFoundError', 'Exception', 'BaseException'})


def _names_import_error(expression):
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in _CATCHES_IMPORT_ERROR
        case ast.Tuple(elts=members):
            return any(_names_import_error(each) for each in members)
    return True  # a computed class may be anything


def _suppresses(expression):
    match expression:
        case ast.Call(func=ast.Name(id='suppress') | ast.Attribute(attr='suppress'), args=errors):
            return any(_names_import_error(each) for each in errors)
    return False


def version():
    """Identifies what computes fingerprints: those of another version are recomputed before they are compared."""
    return f'cpython-{sys.version_info[0]}.{sys.version_info[1]}-1'


def answer(kind, content):
    return json.dumps({'docstring': docstring, 'problems': problems, 'fingerprint': fingerprint, 'imports': imports}[kind](content))
