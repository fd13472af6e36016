"""What CPython says of a text: its docstring, what stops it from being compiled, and what it does as one hash.

Loaded once, into the memory snapshot. Nothing of a text is ever run. Texts arrive as a file would be read:
UTF-8 unless the text says otherwise, as for `python script.py`.
"""
import ast, hashlib, io, json, re, sys, tokenize, warnings

warnings.simplefilter('ignore')  # an invalid escape is a warning, and no error

# What the tree says of how a text was written, and not of what it does.
_LAYOUT = frozenset({'kind', 'ctx', 'type_comment'})


def docstring(content):
    """As `ast.get_docstring(tree, clean=False)`, also of a program that is broken further down. None when there is none."""
    try:
        source = _leading_literals(_decoded(content))
        body = ast.parse(source).body if source else []
        value = body[0].value.value if len(body) == 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) else None
    except Exception:  # what does not tokenize or parse has no docstring, whatever CPython raises for it
        return None
    # Half a character has no place in UTF-8.
    return re.sub('[\ud800-\udfff]', '\ufffd', value) if isinstance(value, str) else None


def _decoded(content):
    data = content.encode('utf-8', 'surrogatepass')
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return io.IncrementalNewlineDecoder(None, True).decode(data.decode(encoding), final=True)


def _leading_literals(source):
    """The source of the first statement when it holds string literals only (in parentheses or not); else None."""
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
    """What stops the text from being compiled, as `[line, column, message]` with the column in UTF-16 units; [] when nothing does."""
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
    """A hash of the tree without positions, layout and docstrings; None for what is no program."""
    data = content.encode('utf-8', 'surrogatepass')
    try:
        compile(data, 'script.py', 'exec', dont_inherit=True)
        tree = ast.parse(data)
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError):
        return None
    digest = hashlib.sha256()
    pending, parts = [tree], []
    # With a list of what is still to come instead of recursion: the tree may be as deep as the text is long.
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
    """Told apart by type, as 1, 1.0 and True are equal; on one line, whatever is in a string."""
    if isinstance(value, int):
        return f'{type(value).__name__} {value:x}'  # decimal digits of a large one take Python seconds, or are refused
    return f'{type(value).__name__} {ascii(value)}'


def version():
    """Names what makes fingerprints: those of another version are made anew before they are compared."""
    return f'cpython-{sys.version_info[0]}.{sys.version_info[1]}-1'


def answer(kind, content):
    return json.dumps({'docstring': docstring, 'problems': problems, 'fingerprint': fingerprint}[kind](content))
